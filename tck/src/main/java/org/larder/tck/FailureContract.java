package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.COUNTERS;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.merge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;

/** That a write which fails, is cut short or is given up loses and doubles nothing. */
@Area(
    name = "failures",
    promise = "A write that fails or is cut short may be repeated, and then counts once.")
public interface FailureContract extends BackendUnderTest {
  int ROWS = 3000;
  Duration PATIENCE = Duration.ofSeconds(60);

  /** Tries to end a write before it is through. */
  interface Mischief {
    void disturb(Clocked<WriteResult> write) throws Exception;
  }

  private Batch round(long number, Duration timeout) {
    Mutation[] mutations = new Mutation[ROWS];
    long from = store().position();
    String note = "n".repeat(200);
    for (int i = 0; i < ROWS; i++) {
      mutations[i] = merge(THINGS, from + i, "row%05d".formatted(i), "hits", number, "note", note);
    }
    Batch batch = store().batch(THINGS, mutations);
    return new Batch(
        batch.follower(),
        batch.lane(),
        batch.journal(),
        batch.epoch(),
        from,
        batch.to(),
        batch.changes(),
        timeout);
  }

  /** How long a round takes when nobody disturbs it; the least of three. */
  private Duration undisturbed() {
    long least = Long.MAX_VALUE;
    for (long number = -3; number < 0; number++) {
      long begin = System.nanoTime();
      store().commit(round(number, PATIENCE));
      least = Math.min(least, System.nanoTime() - begin);
    }
    return Duration.ofNanos(least);
  }

  /**
   * Rows are of the round before or of this one: of one of them, where batches are atomic. A write
   * that was given up may still be committed until an attach has waited for its end.
   */
  private void assertOldOrNew(long number) {
    long sequence = store().attach(1).position().sequence();
    List<Row> rows = store().rows(THINGS);
    assertThat(rows).hasSize(ROWS);
    assertThat(rows)
        .extracting(row -> row.value("hits"))
        .containsAnyOf(number - 1, number)
        .isSubsetOf(number - 1, number);
    assertThat(sequence).isIn(store().position(), store().position() + ROWS);
    if (declares(Capability.ATOMIC_POSITION)) {
      boolean moved = sequence > store().position();
      assertThat(rows)
          .as("a batch and its position go together")
          .extracting(row -> row.value("hits"))
          .containsOnly(moved ? number : number - 1);
    }
  }

  private void disturb(long number, Duration timeout, Mischief mischief) throws Exception {
    Batch batch = round(number, timeout);
    StorageBackend backend = store().backend();
    try (Clocked<WriteResult> write = Clocked.begin(() -> backend.write(batch))) {
      mischief.disturb(write);
      boolean taken = Clocked.taken(write, timeout);
      if (!taken) {
        TestStore.persist(
            () -> {
              assertOldOrNew(number);
              return null;
            });
      }
    }
    Batch again = round(number, PATIENCE);
    TestStore.persist(() -> store().backend().write(again));
    store().commit(again);
    assertThat(store().rows(THINGS))
        .hasSize(ROWS)
        .extracting(row -> row.value("hits"))
        .containsOnly(number);
  }

  @Test
  @Proves(Capability.ATOMIC_POSITION)
  default void interruptedInMidWriteItMayBeRepeated() throws Exception {
    store().prepare(THINGS);
    Duration whole = undisturbed();
    for (int eighth = 0; eighth < 8; eighth++) {
      Duration delay = whole.multipliedBy(eighth).dividedBy(8);
      disturb(
          eighth,
          PATIENCE,
          write -> {
            boolean unused = write.endsWithin(delay);
            write.interrupt();
          });
    }
  }

  @Test
  @Proves(Capability.ATOMIC_POSITION)
  default void writeEndsSoonAfterItsTime() throws Exception {
    store().prepare(THINGS);
    Duration whole = undisturbed();
    for (int eighth = 0; eighth < 8; eighth++) {
      Duration timeout = whole.multipliedBy(eighth).dividedBy(8).plusMillis(1);
      disturb(eighth, timeout, write -> {});
    }
  }

  @Test
  @Proves(Capability.ATOMIC_POSITION)
  default void closedInMidWriteItLosesAndDoublesNothing() throws Exception {
    store().prepare(THINGS);
    Duration whole = undisturbed();
    for (int quarter = 0; quarter < 4; quarter++) {
      Duration delay = whole.multipliedBy(quarter).dividedBy(4);
      disturb(
          quarter,
          PATIENCE,
          write -> {
            boolean unused = write.endsWithin(delay);
            try (Clocked<Void> close =
                Clocked.begin(
                    () -> {
                      store().reopen();
                      return null;
                    })) {
              close.within(Duration.ZERO);
            }
            assertThat(write.endsWithin(Clocked.GRACE)).as("the write has ended").isTrue();
            TestStore.persist(() -> store().attach(1));
            store().backend().ensureCollection(THINGS);
          });
    }
  }

  /** Each access to what is below the backend fails once, in one batch after the other. */
  @Test
  @Proves(Capability.ATOMIC_POSITION)
  default void whateverAccessFailsTheBatchMayBeRepeated() throws Exception {
    FailingOpener failing = store().take("failing", failing()).orElse(null);
    if (failing == null) {
      return;
    }
    store().prepare(COUNTERS);
    boolean inserts = declares(Capability.INSERT_IF_ABSENT);
    List<List<Mutation>> history = History.batches(COUNTERS, new Random(3), 60, inserts);
    Model model = new Model();
    List<Integer> failed = new ArrayList<>();
    for (int nth = 1; nth <= history.size(); nth++) {
      int access = nth;
      List<Mutation> mutations = history.get(nth - 1);
      List<Row> before = model.rows();
      model.apply(mutations);
      Batch batch = store().batch(COUNTERS, mutations.toArray(Mutation[]::new));
      try {
        store().openBy(() -> failing.open(access));
        store().attach(1);
        store().backend().ensureCollection(COUNTERS);
        assertThat(store().backend().write(batch)).isInstanceOf(WriteResult.Committed.class);
        assertThat(store().backend().sync(TestStore.FOLLOWER, 0).sequence()).isEqualTo(batch.to());
      } catch (StorageException e) {
        assertThat(e.severity())
            .as("access %s failed: %s", access, e.getMessage())
            .isIn(StorageException.Severity.RETRY, StorageException.Severity.BUSY);
        failed.add(access);
      }
      store().reopen();
      long sequence = TestStore.persist(() -> store().attach(1)).position().sequence();
      store().backend().ensureCollection(COUNTERS);
      if (declares(Capability.ATOMIC_POSITION)) {
        assertThat(store().rows(COUNTERS))
            .as("access %s: a batch and its position go together", access)
            .isEqualTo(sequence == batch.to() ? model.rows() : before);
      }
      store().commit(batch);
      assertThat(store().rows(COUNTERS)).as("access %s", access).isEqualTo(model.rows());
    }
    assertThat(failed).as("accesses that failed a call").isNotEmpty();
  }

  @Test
  default void fullDiskIsRetriedAndLeavesWhatWasThere() throws Exception {
    TestStore.Opener small = store().take("small", small()).orElse(null);
    if (small == null) {
      return;
    }
    store().openBy(small);
    store().prepare(THINGS);
    Batch refused = null;
    int written = 0;
    for (int i = 0; i < 64 && refused == null; i++) {
      Batch batch = megabyte(i);
      try {
        store().commit(batch);
        written++;
      } catch (StorageException e) {
        assertThat(e.severity())
            .as(e.getMessage())
            .isIn(StorageException.Severity.RETRY, StorageException.Severity.BUSY);
        refused = batch;
      }
    }
    assertThat(refused).as("64 MiB do not fit").isNotNull();
    assertThat(store().rows(THINGS))
        .as("what was there is still read")
        .hasSizeBetween(written * 4, written * 4 + 3);

    store().reopen();
    store().attach(1);
    store().backend().ensureCollection(THINGS);
    Batch again = refused;
    TestStore.persist(() -> store().backend().write(again));
    store().commit(again);
    assertThat(store().rows(THINGS)).hasSize((written + 1) * 4);
  }

  private Batch megabyte(int number) {
    Mutation[] mutations = new Mutation[4];
    Random random = new Random(number);
    for (int i = 0; i < mutations.length; i++) {
      byte[] raw = new byte[250_000];
      random.nextBytes(raw);
      String key = "big%02d-%d".formatted(number, i);
      mutations[i] = merge(THINGS, store().position() + i, key, "raw", raw);
    }
    return store().batch(THINGS, mutations);
  }
}
