package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.journal.Journal;
import org.larder.journal.JournalOptions;
import org.larder.journal.NewFrame;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/** Counts, retention and waiters follow a store wherever it stands. */
class StandingTest {
  @TempDir Path data;
  private final Progress progress = new Progress();
  private final PendingCounts pending = new PendingCounts();
  private Journal journal;
  private Standing standing;

  @BeforeEach
  void open() throws Exception {
    journal =
        Journal.open(
            JournalOptions.of(data, 4 << 20)
                .withSegmentBytes(1 << 20)
                .withGroupBytes(256 << 10)
                .withFiles(new TestFiles()));
    append(Notes.V1, "a", "b", "c");
    append(Notes.TAGS, "x", "y");
    append(Notes.V1, "d");
    standing = new Standing("main", journal, journal.end(0), progress, pending);
  }

  @AfterEach
  void close() throws Exception {
    journal.close();
  }

  private void append(CollectionSchema schema, String... keys) throws Exception {
    FramePayload payload = new FramePayload(schema, 0);
    for (String key : keys) {
      payload.add(Mutation.Kind.PUT, Row.of(schema).set(schema.key().name(), key));
    }
    NewFrame frame =
        new NewFrame(
            FramePayload.ITEMS, false, keys.length, 1, payload.bytes(), 0, payload.length());
    journal.append(0, List.of(frame)).awaitSynced(TestNode.LONG);
  }

  @Test
  void theFirstMeetingCountsWhatIsPending() throws Exception {
    assertThat(standing.met(1)).isEqualTo(5);
    assertThat(pending.snapshot()).containsExactly(Map.entry("notes", 3L), Map.entry("tags", 2L));
    assertThat(progress.reached()).isEqualTo(1);
  }

  @Test
  void aStoreThatWentForwardWithoutUsIsCounted() throws Exception {
    standing.met(0);
    try (Progress.Tally tally = progress.tally(5)) {
      assertThat(standing.met(6)).isEqualTo(-1);
      assertThat(tally.counts()).containsOnly(Map.entry("notes", 3L), Map.entry("tags", 2L));
    }
    assertThat(pending.snapshot()).containsOnly(Map.entry("notes", 0L), Map.entry("tags", 0L));
  }

  @Test
  void aStoreThatWentBackIsCountedAndKeepsTheJournal() throws Exception {
    standing.met(6);
    journal.retain("main", 6);
    try (Progress.Tally tally = progress.tally(6)) {
      standing.met(2);
      assertThat(journal.retained()).containsEntry("main", 2L);
      assertThat(standing.durable()).isEqualTo(2);
      assertThat(pending.snapshot()).containsExactly(Map.entry("notes", 2L), Map.entry("tags", 2L));
      standing.met(6);
      // Had been counted before the tally began.
      assertThat(tally.counts()).isEmpty();
    }
    assertThat(pending.snapshot()).containsOnly(Map.entry("notes", 0L), Map.entry("tags", 0L));
  }

  @Test
  void whatARowHasAlreadyIsNotLaidOverIt() throws Exception {
    Row later =
        Merging.complete(Row.of(Notes.V1).set("note_id", "a").set("n", 9L).build()).withVersion(10);
    Mutation earlier =
        new Mutation(
            Mutation.Kind.MERGE,
            Row.of(Notes.V1).set("note_id", "a").set("n", 1L).set("book", "x").build(),
            5);
    Mutation newer =
        new Mutation(
            Mutation.Kind.MERGE,
            Row.of(Notes.V1).set("note_id", "a").set("body", "new").build(),
            11);
    RowVersions versions = RowVersions.ending(() -> 12);
    assertThat(Overlay.apply(later, List.of(earlier), versions)).contains(later);
    Row row = Overlay.apply(later, List.of(earlier, newer), versions).orElseThrow();
    assertThat(TestNode.n(row)).isEqualTo(9);
    assertThat(row.value("body")).isEqualTo("new");
    assertThat(row.version()).isEqualTo(11);
  }
}
