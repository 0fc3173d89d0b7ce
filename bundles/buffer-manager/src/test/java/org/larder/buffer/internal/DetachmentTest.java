package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.internal.Coverage.Extent;
import org.larder.buffer.internal.Coverage.Place;
import org.larder.journal.Journal;
import org.larder.journal.JournalOptions;

/** What a follower is given up with is all that it has. */
class DetachmentTest {
  @TempDir Path data;

  private Surroundings node(Journal journal, Coverage coverage) throws IOException {
    return new Surroundings(
        data,
        journal,
        Catalogue.open(data.resolve("catalogue")),
        new Backends(() -> {}),
        () -> {
          throw new UnsupportedOperationException();
        },
        RouteMemory.open(data.resolve("stores")),
        coverage,
        Duplicates.open(data.resolve("duplicates"), journal.id()),
        new KnownKeys(),
        new Questions(),
        0,
        new SettableClock("2026-05-01T10:00:00Z"),
        System::nanoTime);
  }

  @Test
  void aCollectionThatIsAboutToBecomeKnownIsStaleAsWell() throws IOException {
    try (Journal journal =
        Journal.open(
            JournalOptions.of(data.resolve("journal"), 16 << 20).withFiles(new TestFiles()))) {
      Coverage coverage = Coverage.open(data.resolve("coverage"));
      coverage.note(
          Map.of(
              new Place("copy", "notes"), Coverage.State.FULL,
              new Place("copy", "tags"), Coverage.State.FULL,
              new Place("main", "notes"), Coverage.State.FULL),
          place -> false);
      journal.retain("copy", 0);
      Detachment detachment =
          new Detachment("copy", node(journal, coverage), collection -> collection.equals("notes"));
      detachment.detach();
      assertThat(detachment.isComplete()).isTrue();
      assertThat(coverage.in(Extent.STALE, "copy")).containsExactly("notes");
      assertThat(coverage.in(Extent.FULL, "copy")).containsExactly("tags");
      assertThat(coverage.in(Extent.FULL, "main")).containsExactly("notes");
      assertThat(journal.retained()).isEmpty();
    }
  }
}
