package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.larder.buffer.DeleteOrigin;
import org.larder.buffer.RouteTable.Deletes;
import org.larder.journal.Journal;
import org.larder.journal.JournalOptions;
import org.larder.journal.NewFrame;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.StorageBackend;

/** Replaying any end of the journal over any later state of a store gives the same rows. */
class ConvergencePropertyTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @Property(tries = 60)
  void replayFromAnywhereIsReplayOnce(
      @ForAll Random random,
      @ForAll @IntRange(min = 1, max = 40) int frames,
      @ForAll Deletes deletes)
      throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("convergence");
    Catalogue catalogue = Catalogue.open(data.resolve("catalogue"));
    catalogue.add(Notes.V1, schema -> {});
    JournalOptions options =
        JournalOptions.of(data.resolve("journal"), 4 << 20)
            .withSegmentBytes(1 << 20)
            .withGroupBytes(256 << 10)
            .withFiles(new TestFiles());
    try (Journal journal = Journal.open(options);
        DeadLetterLog letters =
            DeadLetterLog.open(data.resolve("dead"), "main", journal.id(), catalogue)) {
      Set<Long> expiries = append(journal, random, frames);
      long end = journal.end(0);
      // What each row is, item by item.
      FakeStore model = new FakeStore();
      try (StretchReader reader = new StretchReader(journal, catalogue, 0, name -> true)) {
        for (Stretch stretch = reader.next(1); stretch != null; stretch = reader.next(1)) {
          stretch.items().stream()
              .filter(item -> isApplied(item, deletes, expiries))
              .forEach(item -> apply(model, item));
        }
      }
      Inserts inserts =
          new Inserts(
              Duplicates.open(data.resolve("duplicates"), journal.id()),
              RowVersions.in(journal),
              item -> true);
      Delivery delivery =
          new Delivery("main", journal, name -> Notes.V1, letters, inserts, Clock.systemUTC());
      FakeStore store = new FakeStore();
      BackendHandle backend = new BackendHandle(new FakeBackend(store), new Stragglers());
      deliver(journal, catalogue, delivery, backend, 0, random, deletes);
      assertThat(store.rows("notes")).isEqualTo(model.rows("notes"));
      for (int i = 0; i < 3; i++) {
        deliver(journal, catalogue, delivery, backend, random.nextInt((int) end), random, deletes);
        assertThat(store.rows("notes")).isEqualTo(model.rows("notes"));
        assertThat(store.rows("notes").stream().map(Row::version))
            .isEqualTo(model.rows("notes").stream().map(Row::version).toList());
      }
      backend.retire(Duration.ZERO);
    } finally {
      BufferedReadPropertyTest.delete(data);
    }
  }

  private static void deliver(
      Journal journal,
      Catalogue catalogue,
      Delivery delivery,
      BackendHandle backend,
      long from,
      Random random,
      Deletes deletes)
      throws IOException, InterruptedException {
    Attachment attachment =
        new Attachment(
            "main", 0, journal.id(), journal.epoch(), Optional.empty(), OptionalLong.of(from));
    backend.call(TIMEOUT, (StorageBackend store) -> store.attach(attachment));
    try (StretchReader reader = new StretchReader(journal, catalogue, from, name -> true)) {
      Stretch stretch = reader.next(1 + random.nextInt(20));
      while (stretch != null) {
        Stretch applied = stretch.with(deletes, collection -> false);
        delivery.deliver(backend, applied, TIMEOUT, (start, end, mutations) -> {});
        stretch = reader.next(1 + random.nextInt(20));
      }
    }
  }

  private static boolean isApplied(Mutation item, Deletes deletes, Set<Long> expiries) {
    boolean kept =
        switch (deletes) {
          case ALL -> false;
          case USER -> expiries.contains(item.sequence());
          case NONE -> true;
        };
    return item.kind() != Mutation.Kind.DELETE || !kept;
  }

  private static void apply(FakeStore model, Mutation item) {
    Row before = model.row("notes", item.key());
    if (item.kind() == Mutation.Kind.INSERT && before != null) {
      return;
    }
    Merging.apply(before, item)
        .ifPresentOrElse(
            row -> model.put(row.withVersion(item.sequence())),
            () -> model.delete("notes", item.key()));
  }

  /** The sequences of deletes by retention. */
  private static Set<Long> append(Journal journal, Random random, int frames) throws IOException {
    Set<Long> expiries = new HashSet<>();
    for (int i = 0; i < frames; i++) {
      FramePayload payload = new FramePayload(Notes.V1, 0);
      int items = 1 + random.nextInt(6);
      try {
        for (int item = 0; item < items; item++) {
          if (add(payload, random)) {
            expiries.add(journal.end(0) + item);
          }
        }
        journal
            .append(
                0,
                List.of(
                    new NewFrame(
                        FramePayload.ITEMS, false, items, 1, payload.bytes(), 0, payload.length())))
            .awaitSynced(TIMEOUT);
      } catch (InvalidRowException
          | InterruptedException
          | java.util.concurrent.TimeoutException e) {
        throw new AssertionError(e);
      }
    }
    return expiries;
  }

  /** True if it is a delete by retention. */
  private static boolean add(FramePayload payload, Random random) throws InvalidRowException {
    RowBuilder row = Row.of(Notes.V1).set("note_id", "k" + random.nextInt(6));
    int kind = random.nextInt(8);
    if (kind == 0) {
      boolean expiry = random.nextBoolean();
      payload.add(
          FramePayload.deleteCode(expiry ? DeleteOrigin.RETENTION : DeleteOrigin.USER), row);
      return expiry;
    }
    List<String> fields = new ArrayList<>(List.of("n", "best"));
    for (String field : fields) {
      if (random.nextBoolean()) {
        row.set(field, random.nextInt(5) == 0 ? null : (Long) (long) random.nextInt(5));
      }
    }
    if (random.nextInt(3) == 0) {
      row.setMicros(Notes.V1.ordinal("created_at"), random.nextInt(3));
    }
    payload.add(kind < 4 ? Mutation.Kind.PUT : Mutation.Kind.MERGE, row);
    return false;
  }
}
