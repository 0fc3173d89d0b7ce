package org.larder.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.journal.Payloads.PATIENCE;
import static org.larder.journal.Payloads.append;
import static org.larder.journal.Payloads.frame;
import static org.larder.journal.Payloads.readAll;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.journal.RecoveryReport.Finding;
import org.larder.journal.RecoveryReport.Kind;

/** Eight frames of 1,000 bytes fill a segment, each in a group of three sectors. */
class DamageTest {
  private static final int LENGTH = 1000;
  private static final int GROUP_BYTES = 1536;
  private static final int FIRST_GROUP = 4096;

  @TempDir Path root;

  private Path directory() {
    return root.resolve("journal");
  }

  private JournalOptions options() {
    return JournalOptions.of(directory(), 512 << 10).withSegmentBytes(16 << 10);
  }

  /** A journal of so many frames whose process was killed when all had been acknowledged. */
  private void killedWith(int frames) throws Exception {
    Path alive = root.resolve("alive");
    try (Journal journal =
        Journal.open(JournalOptions.of(alive, 512 << 10).withSegmentBytes(16 << 10))) {
      append(journal, 0, frames, LENGTH);
      Directories.copy(alive, directory());
    }
  }

  private Path segment(int number) {
    return Directories.segment(directory(), number);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private static List<Integer> without(int gone, int to) {
    return IntStream.range(0, to).filter(number -> number != gone).boxed().toList();
  }

  private static long group(int index) {
    return FIRST_GROUP + (long) index * GROUP_BYTES;
  }

  @Test
  void tornHeadIsCut() throws Exception {
    killedWith(6);
    Directories.zero(segment(1), group(5), group(5) + 512);
    try (Journal journal = Journal.open(options())) {
      assertThat(readAll(journal)).isEqualTo(range(0, 5));
      assertThat(journal.end(0)).isEqualTo(5);
      assertThat(journal.recovery().findings())
          .singleElement()
          .extracting(Finding::kind)
          .isEqualTo(Kind.CUT);
    }
  }

  @Test
  void tornMiddleIsCutWithWhatFollows() throws Exception {
    Path alive = root.resolve("alive");
    try (Journal journal = Journal.open(JournalOptions.of(alive, 1 << 20))) {
      append(journal, 0, 3, LENGTH);
      journal
          .append(0, List.of(frame(3, LENGTH), frame(4, LENGTH), frame(5, LENGTH)))
          .awaitSynced(PATIENCE);
      Directories.copy(alive, directory());
    }
    Directories.flip(segment(1), Directories.offsetOf(segment(1), Payloads.bytes(4, 20)) + 9);
    try (Journal journal = Journal.open(options())) {
      assertThat(readAll(journal)).isEqualTo(range(0, 4));
      assertThat(journal.epochEnd(1)).hasValue(4);
      assertThat(journal.recovery().findings()).hasSize(1);
      append(journal, 40, 42, LENGTH);
    }
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.recovery().findings()).isEmpty();
      assertThat(readAll(journal)).containsExactly(0, 1, 2, 3, 40, 41);
    }
  }

  @Test
  void tornTailIsCut() throws Exception {
    killedWith(6);
    Directories.zero(segment(1), group(5) + 1024, group(6));
    try (Journal journal = Journal.open(options())) {
      assertThat(readAll(journal)).isEqualTo(range(0, 5));
      assertThat(journal.recovery().findings())
          .singleElement()
          .satisfies(finding -> assertThat(finding.fromOffset()).isEqualTo(group(5) + 64));
    }
  }

  @Test
  void tornHeadOfTheFirstSegmentDoesNotMoveTheStart() throws Exception {
    Path alive = root.resolve("alive");
    try (Journal journal = Journal.open(JournalOptions.of(alive, 1 << 20))) {
      journal.retain("primary", 0);
      appendTornHead(journal, alive, 1);
    }
    assertThatNothingIsLeftFrom(0);
  }

  @Test
  void tornHeadBehindDeletedSegmentsDoesNotMoveTheStart() throws Exception {
    Path alive = root.resolve("alive");
    try (Journal journal = Journal.open(JournalOptions.of(alive, 1 << 20))) {
      append(journal, 0, 3, LENGTH);
    }
    try (Journal journal = Journal.open(JournalOptions.of(alive, 1 << 20))) {
      journal.retain("primary", 3);
      assertThat(journal.start(0)).isEqualTo(3);
      appendTornHead(journal, alive, 2);
    }
    assertThatNothingIsLeftFrom(3);
  }

  @Test
  void damagedHeadOfTheFirstSegmentTakesNoLaterGroupWithIt() throws Exception {
    Path alive = root.resolve("alive");
    try (Journal journal = Journal.open(JournalOptions.of(alive, 1 << 20))) {
      journal.retain("primary", 0);
      append(journal, 0, 2, LENGTH);
      Directories.copy(alive, directory());
    }
    Directories.zero(segment(1), 0, group(1));
    try (Journal journal = Journal.open(options())) {
      assertThat(readAll(journal)).containsExactly(1);
      assertThat(journal.lost(0, 1)).isTrue();
      assertThat(journal.lost(1, 2)).isFalse();
      assertThat(journal.recovery().findings())
          .extracting(Finding::kind)
          .containsExactly(Kind.QUARANTINED, Kind.LOST);
    }
  }

  /** Of the first group of a segment, with the header before it, only the last frames are left. */
  private void appendTornHead(Journal journal, Path alive, int number) throws Exception {
    journal
        .append(0, List.of(frame(7, LENGTH), frame(8, LENGTH), frame(9, LENGTH)))
        .awaitSynced(PATIENCE);
    Directories.copy(alive, directory());
    Directories.zero(segment(number), 0, FIRST_GROUP + 1024);
  }

  /** A reader that had come to the sequence goes on there, and is told of no loss. */
  private void assertThatNothingIsLeftFrom(long sequence) throws Exception {
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.start(0)).isEqualTo(sequence);
      assertThat(journal.end(0)).isEqualTo(sequence);
      assertThat(journal.lost(0, 100)).isFalse();
      assertThat(journal.recovery().findings()).extracting(Finding::kind).containsExactly(Kind.CUT);
      append(journal, 20, 22, LENGTH);
      try (JournalReader reader = journal.reader(0, sequence)) {
        assertThat(readAll(reader)).containsExactly(20, 21);
      }
    }
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.recovery().clean()).isTrue();
      assertThat(readAll(journal)).containsExactly(20, 21);
    }
  }

  @Test
  void zeroFilledTailAfterPowerLossIsCut() throws Exception {
    killedWith(6);
    Directories.zero(segment(1), group(5) + 512, group(6));
    try (Journal journal = Journal.open(options())) {
      assertThat(readAll(journal)).isEqualTo(range(0, 5));
      append(journal, 5, 9, LENGTH);
      assertThat(readAll(journal)).isEqualTo(range(0, 9));
    }
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.recovery().clean()).isTrue();
      assertThat(readAll(journal)).isEqualTo(range(0, 9));
    }
  }

  @Test
  void flippedBitBelowASyncedEndIsQuarantinedAndTheRestIsUsed() throws Exception {
    killedWith(20);
    byte[] before = Files.readAllBytes(segment(1));
    Directories.flip(segment(1), group(5) + 500);
    try (Journal journal = Journal.open(options())) {
      assertThat(readAll(journal)).isEqualTo(without(5, 20));
      assertThat(journal.lost(5, 6)).isTrue();
      assertThat(journal.lost(0, 5)).isFalse();
      assertThat(journal.lost(6, 20)).isFalse();
      Finding finding = journal.recovery().findings().get(0);
      assertThat(finding.kind()).isEqualTo(Kind.QUARANTINED);
      assertThat(finding.fromSequence()).isEqualTo(5);
      assertThat(finding.toSequence()).isEqualTo(6);
      byte[] copy = Files.readAllBytes(Directories.quarantined(directory()).get(0));
      assertThat(copy).hasSize((int) finding.bytes());
      int at = (int) (group(5) + 500 - finding.fromOffset());
      assertThat(copy[at]).isNotEqualTo(before[(int) group(5) + 500]);
      append(journal, 20, 21, LENGTH);
    }
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.recovery().findings()).as("reported once").isEmpty();
      assertThat(journal.lost(5, 6)).isTrue();
      assertThat(readAll(journal)).isEqualTo(without(5, 21));
    }
  }

  @Test
  void flippedBitInAGroupHeaderLosesNoFrame() throws Exception {
    killedWith(20);
    Directories.flip(segment(2), group(3) + 20);
    try (Journal journal = Journal.open(options())) {
      assertThat(readAll(journal)).isEqualTo(range(0, 20));
      assertThat(journal.recovery().findings())
          .singleElement()
          .satisfies(finding -> assertThat(finding.toSequence()).isEqualTo(11))
          .satisfies(finding -> assertThat(finding.fromSequence()).isEqualTo(11));
      assertThat(journal.lost(0, 20)).isFalse();
    }
  }

  @Test
  void flippedBitInASegmentHeaderLosesNoFrame() throws Exception {
    killedWith(30);
    for (int number = 1; number <= 4; number++) {
      Directories.flip(segment(number), 50);
    }
    try (Journal journal = Journal.open(options())) {
      assertThat(readAll(journal)).isEqualTo(range(0, 30));
      assertThat(journal.recovery().findings())
          .allSatisfy(finding -> assertThat(finding.kind()).isEqualTo(Kind.QUARANTINED));
    }
  }

  @Test
  void flippedBitAfterAnOrderlyCloseIsQuarantinedEvenInTheLastGroup() throws Exception {
    try (Journal journal = Journal.open(options())) {
      append(journal, 0, 3, LENGTH);
    }
    Directories.flip(segment(1), group(2) + 500);
    try (Journal journal = Journal.open(options())) {
      assertThat(readAll(journal)).containsExactly(0, 1);
      assertThat(journal.lost(2, 3)).isTrue();
      assertThat(journal.end(0)).as("an acknowledged sequence is not given again").isEqualTo(3);
    }
  }

  @Test
  void truncatedSegmentLosesItsEndAndNoMore() throws Exception {
    killedWith(30);
    Directories.truncate(segment(2), group(3) + 700);
    try (Journal journal = Journal.open(options())) {
      List<Integer> left = IntStream.range(0, 30).filter(n -> n < 11 || n > 15).boxed().toList();
      assertThat(readAll(journal)).isEqualTo(left);
      assertThat(journal.lost(11, 16)).isTrue();
      assertThat(journal.lost(16, 30)).isFalse();
      assertThat(journal.recovery().clean()).isFalse();
    }
  }

  @Test
  void segmentTruncatedBetweenGroupsIsNoticed() throws Exception {
    killedWith(30);
    Directories.truncate(segment(2), group(3));
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.recovery().findings())
          .singleElement()
          .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Kind.LOST))
          .satisfies(finding -> assertThat(finding.fromSequence()).isEqualTo(11))
          .satisfies(finding -> assertThat(finding.toSequence()).isEqualTo(16));
    }
  }

  @Test
  void missingSegmentIsReportedAndTheRestUsed() throws Exception {
    killedWith(30);
    Files.delete(segment(2));
    try (Journal journal = Journal.open(options())) {
      List<Integer> left = IntStream.range(0, 30).filter(n -> n < 8 || n > 15).boxed().toList();
      assertThat(readAll(journal)).isEqualTo(left);
      assertThat(journal.lost(8, 16)).isTrue();
      assertThat(journal.recovery().findings())
          .singleElement()
          .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Kind.MISSING_SEGMENT))
          .satisfies(finding -> assertThat(finding.file()).isEqualTo("0000000000000002.segment"));
    }
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.recovery().findings()).as("reported once").isEmpty();
      assertThat(journal.lost(8, 16)).isTrue();
    }
  }

  @Test
  void missingLastSegmentsDoNotTurnTheEndBack() throws Exception {
    try (Journal journal = Journal.open(options())) {
      append(journal, 0, 30, LENGTH);
    }
    Files.delete(segment(3));
    Files.delete(segment(4));
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.end(0)).isEqualTo(30);
      assertThat(journal.lost(16, 30)).isTrue();
      append(journal, 30, 31, LENGTH);
      assertThat(readAll(journal)).hasSize(17).endsWith(15, 30);
    }
  }

  @Test
  void missingFirstSegmentIsReportedWhenAReaderNeedsIt() throws Exception {
    try (Journal journal = Journal.open(options())) {
      journal.retain("primary", 3);
      append(journal, 3, 30, LENGTH);
    }
    Files.delete(segment(1));
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.start(0)).isEqualTo(8);
      assertThat(journal.lost(3, 8)).isTrue();
      assertThat(journal.recovery().findings()).hasSize(1);
    }
  }

  @Test
  void damageThatAReaderMeetsIsPutAsideAndPassed() throws Exception {
    try (Journal journal = Journal.open(options())) {
      append(journal, 0, 20, LENGTH);
      Directories.flip(segment(1), group(5) + 500);
      Directories.flip(segment(3), group(1) + 10);
      assertThat(readAll(journal)).isEqualTo(without(5, 20));
      assertThat(journal.lost(5, 6)).isTrue();
      assertThat(Directories.quarantined(directory())).hasSize(2);
      append(journal, 20, 22, LENGTH);
      assertThat(readAll(journal)).isEqualTo(without(5, 22));
    }
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.recovery().findings()).as("on record already").isEmpty();
      assertThat(readAll(journal)).isEqualTo(without(5, 22));
    }
  }

  @Test
  void damagedMetadataIsMadeAnewFromTheSegments() throws Exception {
    UUID id;
    try (Journal journal = Journal.open(options())) {
      journal.retain("primary", 0);
      append(journal, 0, 9, LENGTH);
      id = journal.id();
    }
    for (String name : List.of("journal.id", "epochs", "readers")) {
      Directories.flip(directory().resolve(name), 30);
    }
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.id()).isEqualTo(id);
      assertThat(journal.epoch()).isEqualTo(2);
      assertThat(journal.epochEnd(1)).hasValue(9);
      assertThat(journal.retained()).isEmpty();
      assertThat(readAll(journal)).isEqualTo(range(0, 9));
      assertThat(journal.recovery().findings())
          .extracting(Finding::kind)
          .containsOnly(Kind.METADATA);
    }
  }

  @Test
  void bytesOfAnotherPlaceAreNeverTakenForFrames() throws Exception {
    killedWith(6);
    byte[] file = Files.readAllBytes(segment(1));
    byte[] group = Arrays.copyOfRange(file, (int) group(2), (int) group(3));
    Directories.overwrite(segment(1), group(6), group);
    try (Journal journal = Journal.open(options())) {
      assertThat(readAll(journal)).isEqualTo(range(0, 6));
    }
  }
}
