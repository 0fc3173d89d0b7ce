package org.larder.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.larder.journal.Payloads.append;
import static org.larder.journal.Payloads.readAll;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight frames of 1,000 bytes fill a segment. */
class RetentionTest {
  @TempDir Path directory;

  private JournalOptions options() {
    return JournalOptions.of(directory, 512 << 10).withSegmentBytes(16 << 10);
  }

  @Test
  void slowestReaderDecidesAlsoAfterARestart() throws Exception {
    try (Journal journal = Journal.open(options())) {
      journal.retain("primary", 0);
      journal.retain("mirror/1 %", 0);
      append(journal, 0, 40, 1000);
      journal.retain("primary", 40);
      assertThat(journal.start(0)).isZero();
      journal.retain("mirror/1 %", 17);
      assertThat(journal.start(0)).isEqualTo(16);
      assertThat(journal.stats().segments()).isEqualTo(3);
    }
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.start(0)).isEqualTo(16);
      assertThat(journal.retained()).isEqualTo(Map.of("primary", 40L, "mirror/1 %", 17L));
      journal.retain("primary", 40);
      assertThat(journal.start(0)).isEqualTo(16);
      journal.release("mirror/1 %");
      assertThat(journal.start(0)).isEqualTo(40);
      append(journal, 40, 41, 1000);
      assertThat(readAll(journal)).containsExactly(40);
    }
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.retained()).isEqualTo(Map.of("primary", 40L));
      assertThat(journal.recovery().clean()).isTrue();
      assertThat(journal.end(0)).isEqualTo(41);
    }
  }

  @Test
  void journalThatWasReadToTheEndGoesOnWhereItWas() throws Exception {
    try (Journal journal = Journal.open(options())) {
      append(journal, 0, 20, 1000);
    }
    try (Journal journal = Journal.open(options())) {
      journal.retain("primary", 20);
      assertThat(journal.stats().segments()).isZero();
    }
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.recovery().clean()).isTrue();
      assertThat(journal.start(0)).isEqualTo(20);
      assertThat(journal.end(0)).isEqualTo(20);
      append(journal, 20, 22, 1000);
      assertThat(readAll(journal)).containsExactly(20, 21);
    }
  }

  @Test
  void withoutReadersNothingIsDeleted() throws Exception {
    try (Journal journal = Journal.open(options())) {
      append(journal, 0, 40, 1000);
      assertThat(journal.start(0)).isZero();
    }
  }

  @Test
  void positionBeyondTheSyncedEndCountsAsThat() throws Exception {
    try (Journal journal = Journal.open(options())) {
      append(journal, 0, 3, 1000);
      journal.retain("primary", 1000);
      assertThat(journal.retained()).isEqualTo(Map.of("primary", 3L));
    }
  }

  @Test
  void readerTenSegmentsBehindReadsThemAllInOrder() throws Exception {
    try (Journal journal = Journal.open(options());
        JournalReader reader = journal.reader(0, 0)) {
      append(journal, 0, 90, 1000);
      assertThat(journal.stats().segments()).isGreaterThan(10);
      assertThat(readAll(reader))
          .containsExactlyElementsOf(IntStream.range(0, 90).boxed().toList());
      append(journal, 90, 95, 1000);
      assertThat(readAll(reader)).containsExactly(90, 91, 92, 93, 94);
    }
  }

  @Test
  void readerStartsInTheMiddleOfASegment() throws Exception {
    try (Journal journal = Journal.open(JournalOptions.of(directory, 8 << 20))) {
      append(journal, 0, 300, 1000);
      for (int from : new int[] {0, 1, 63, 64, 65, 150, 299, 300}) {
        try (JournalReader reader = journal.reader(0, from)) {
          assertThat(readAll(reader))
              .containsExactlyElementsOf(IntStream.range(from, 300).boxed().toList());
        }
      }
    }
  }

  @Test
  void readerJumpsBackAndForth() throws Exception {
    try (Journal journal = Journal.open(options());
        JournalReader reader = journal.reader(0, 0)) {
      append(journal, 0, 40, 1000);
      for (int wanted : new int[] {39, 0, 17, 16, 15, 39, 8}) {
        reader.seek(wanted);
        assertThat(Payloads.number(reader.read(1).get(0))).isEqualTo(wanted);
      }
    }
  }

  @Test
  void deletionThatWasTornByPowerLossIsNoLoss() throws Exception {
    try (Journal journal = Journal.open(options())) {
      append(journal, 0, 40, 1000);
      Path image = directory.resolve("image");
      Directories.copy(directory, image);
      journal.retain("primary", 30);
      Files.copy(directory.resolve("readers"), image.resolve("readers"));
      Files.delete(Directories.segment(image, 2));
      try (Journal torn =
          Journal.open(JournalOptions.of(image, 512 << 10).withSegmentBytes(16 << 10))) {
        assertThat(torn.recovery().findings()).isEmpty();
        assertThat(torn.lost(0, 40)).isFalse();
        assertThat(torn.start(0)).isEqualTo(24);
      }
    }
  }

  @Test
  void sequenceWhoseSegmentIsGoneIsSaidToBeGone() throws Exception {
    try (Journal journal = Journal.open(options());
        JournalReader early = journal.reader(0, 0)) {
      append(journal, 0, 20, 1000);
      assertThat(early.read(2500)).hasSize(2);
      journal.retain("primary", 20);
      try (JournalReader late = journal.reader(0, 3)) {
        assertThatThrownBy(() -> late.read(100))
            .isInstanceOfSatisfying(
                SequenceGoneException.class,
                gone -> {
                  assertThat(gone.wanted()).isEqualTo(3);
                  assertThat(gone.start()).isEqualTo(16);
                });
      }
    }
  }

  @Test
  void oneFrameIsReadEvenWhenItIsBiggerThanAsked() throws Exception {
    try (Journal journal = Journal.open(JournalOptions.of(directory, 64 << 20));
        JournalReader reader = journal.reader(0, 0)) {
      append(journal, 0, 2, 900_000);
      assertThat(reader.read(10)).hasSize(1);
      assertThat(reader.position()).isEqualTo(1);
      assertThat(reader.read(2_000_000)).hasSize(1);
      assertThat(reader.read(10)).isEmpty();
    }
  }
}
