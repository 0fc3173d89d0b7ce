package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.LetterAmbiguousException;
import org.larder.buffer.LetterFilter;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/** What the file of dead letters keeps over restarts and failures of the disk. */
class DeadLetterLogTest {
  private static final UUID JOURNAL = new UUID(1, 2);

  @TempDir Path data;
  private Path file;
  private Catalogue catalogue;

  @BeforeEach
  void knowTheCollection() throws IOException {
    file = data.resolve("dead-letters-main");
    catalogue = Catalogue.open(data.resolve("catalogue"));
    catalogue.add(Notes.V1, schema -> {});
  }

  private DeadLetterLog open(UUID journal) throws IOException {
    return DeadLetterLog.open(file, "main", journal, catalogue);
  }

  private static Mutation mutation(DeadLetter letter) {
    return new Mutation(letter.kind(), letter.row(), letter.sequence());
  }

  /** Letters of a filling bear versions, which other records may have as their sequences. */
  @Test
  void aDiscardedLetterHidesNoOtherRecordOfItsSequence() throws IOException {
    try (DeadLetterLog log = open(JOURNAL)) {
      log.add(List.of(letter("a", 1), letter("b", 1)));
      assertThat(log.discard(LetterFilter.ofKey("a"))).isEqualTo(1);
    }
    try (DeadLetterLog log = open(JOURNAL)) {
      assertThat(log.letters()).extracting(letter -> letter.row().key()).containsExactly("b");
      assertThat(log.contains(mutation(letter("a", 1)))).isTrue();
      assertThat(log.contains(mutation(letter("c", 1)))).isFalse();
      assertThat(log.concerns(1, 2)).isTrue();
      assertThat(log.concerns(2, 3)).isTrue();
      assertThat(log.discard(LetterFilter.ALL)).isEqualTo(1);
      assertThat(log.concerns(2, 3)).isFalse();
      assertThat(log.lacks(1, 2)).isTrue();
      assertThat(log.lacks(2, 3)).isFalse();
    }
  }

  @Test
  void aSequenceOfSeveralRecordsDiscardsNoneOfThem() throws IOException {
    try (DeadLetterLog log = open(JOURNAL)) {
      log.add(List.of(letter("a", 0), letter("b", 0)));
      assertThatThrownBy(() -> log.discard(LetterFilter.ofSequence(0)))
          .isInstanceOf(LetterAmbiguousException.class)
          .hasMessageContaining("a of notes, b of notes");
      assertThat(log.size()).isEqualTo(2);
      LetterFilter one = new LetterFilter(Optional.empty(), Optional.of("b"), OptionalLong.of(0));
      assertThat(log.discard(one)).isEqualTo(1);
      assertThat(log.letters()).extracting(letter -> letter.row().key()).containsExactly("a");
    }
  }

  @Test
  void discardedSequencesOfAnEarlierReleaseStayDiscarded() throws IOException {
    ByteArrayOutputStream earlier = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(earlier);
    out.writeLong(-2);
    out.writeInt(2);
    out.writeLong(7);
    out.writeLong(9);
    byte[] owner = JOURNAL.toString().getBytes(StandardCharsets.US_ASCII);
    DurableFile.replace(file, List.of(owner, earlier.toByteArray()));
    for (int starts = 0; starts < 2; starts++) {
      try (DeadLetterLog log = open(JOURNAL)) {
        assertThat(log.contains(mutation(letter("any", 7)))).isTrue();
        assertThat(log.contains(mutation(letter("any", 8)))).isFalse();
        assertThat(log.lacks(9, 10)).isTrue();
        // Writes all of the file anew.
        log.add(List.of(letter("b", 20)));
        assertThat(log.discard(LetterFilter.ofKey("b"))).isEqualTo(1);
      }
    }
  }

  @Test
  void aTornLastLetterIsCut() throws IOException {
    try (DeadLetterLog log = open(JOURNAL)) {
      log.add(List.of(letter("a", 1)));
      log.add(List.of(letter("b", 2)));
    }
    long whole = Files.size(file);
    try (DeadLetterLog log = open(JOURNAL)) {
      log.add(List.of(letter("c", 3)));
    }
    byte[] all = Files.readAllBytes(file);
    for (int size = (int) whole + 1; size < all.length; size += 5) {
      Files.write(file, Arrays.copyOf(all, size));
      try (DeadLetterLog log = open(JOURNAL)) {
        assertThat(log.letters()).extracting(DeadLetter::sequence).containsExactly(1L, 2L);
        log.add(List.of(letter("d", 4)));
      }
      try (DeadLetterLog log = open(JOURNAL)) {
        assertThat(log.letters()).extracting(DeadLetter::sequence).containsExactly(1L, 2L, 4L);
        assertThat(log.letters().get(2).row().key()).isEqualTo("d");
      }
    }
  }

  @Test
  void lettersOfAnotherJournalDoNotSwallowRecords() throws IOException {
    try (DeadLetterLog log = open(JOURNAL)) {
      log.add(List.of(letter("a", 1)));
    }
    try (DeadLetterLog log = open(new UUID(1, 3))) {
      assertThat(log.letters()).isEmpty();
    }
    assertThat(file.resolveSibling("dead-letters-main.other-journal")).exists();
  }

  @Test
  void aLetterFileThatCannotBeWrittenLosesNoOlderLetter() throws IOException {
    try (DeadLetterLog log = open(JOURNAL)) {
      log.add(List.of(letter("a", 1)));
      // Torn bytes behind the end, as a write that failed half-way leaves them.
      Files.write(file, new byte[100], StandardOpenOption.APPEND);
      log.add(List.of(letter("b", 2)));
    }
    try (DeadLetterLog log = open(JOURNAL)) {
      assertThat(log.letters()).extracting(DeadLetter::sequence).containsExactly(1L, 2L);
    }
  }

  @Test
  void aReplacementThatFailedLosesNoLaterLetter() throws IOException {
    Path fresh = data.resolve("dead-letters-main.new");
    try (DeadLetterLog log = open(JOURNAL)) {
      log.add(List.of(letter("a", 1), letter("b", 2)));
      Files.createDirectory(fresh);
      assertThatThrownBy(() -> log.withdraw(List.of(letter("b", 2))))
          .isInstanceOf(IOException.class);
      Files.delete(fresh);
      // As when the new file had taken the old one's place before the failure.
      Files.delete(file);
      log.add(List.of(letter("c", 3)));
    }
    try (DeadLetterLog log = open(JOURNAL)) {
      assertThat(log.letters()).extracting(DeadLetter::sequence).containsExactly(1L, 2L, 3L);
    }
  }

  private static DeadLetter letter(String key, long sequence) {
    try {
      Row row = Row.of(Notes.V1).set("note_id", key).build();
      return new DeadLetter(
          "main", sequence, Mutation.Kind.PUT, row, "TOO_LONG", "r".repeat(100_000), Instant.EPOCH);
    } catch (InvalidRowException e) {
      throw new AssertionError(e);
    }
  }
}
