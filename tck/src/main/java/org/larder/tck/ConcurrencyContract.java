package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.merge;
import static org.larder.tck.Samples.put;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.query.Query;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.QueryBackend;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;

/** That readers and a writer do not see or stop each other. */
@Area(name = "concurrency", promise = "Readers and a writer do not see or stop each other.")
public interface ConcurrencyContract extends BackendUnderTest {
  private static void inThreads(List<Callable<?>> tasks)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (Callable<?> task : tasks) {
        futures.add(threads.submit(task));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Where batches are atomic, a page sees the whole of a batch or nothing of it. */
  @Test
  @Proves(Capability.ATOMIC_POSITION)
  default void readersGoOnBesideAWriter() throws Exception {
    int rows = 40;
    store().prepare(THINGS);
    writeRound(0, rows);
    boolean atomic =
        declares(Capability.ATOMIC_POSITION) && store().backend() instanceof QueryBackend;
    AtomicBoolean done = new AtomicBoolean();
    List<Callable<?>> tasks = new ArrayList<>();
    tasks.add(
        () -> {
          try {
            for (int round = 1; round < 60; round++) {
              writeRound(round, rows);
            }
          } finally {
            done.set(true);
          }
          return null;
        });
    for (int reader = 0; reader < 3; reader++) {
      tasks.add(
          () -> {
            while (!done.get()) {
              Set<Object> rounds = new HashSet<>();
              List<Row> page = store().ask(Query.of(THINGS)).rows();
              page.forEach(row -> rounds.add(row.value("hits")));
              assertThat(page).hasSize(rows);
              if (atomic) {
                assertThat(rounds).hasSize(1);
              }
              assertThat(store().backend().probe(Duration.ofSeconds(10)).condition())
                  .isNotEqualTo(Probe.Condition.DOWN);
            }
            return null;
          });
    }
    inThreads(tasks);
    assertThat(store().rows(THINGS)).extracting(row -> row.value("hits")).containsOnly(59L);
  }

  private void writeRound(int round, int rows) {
    Mutation[] batch = new Mutation[rows];
    for (int i = 0; i < rows; i++) {
      String key = "row%03d".formatted(i);
      batch[i] = merge(THINGS, store().position() + i, key, "hits", (long) round);
    }
    store().write(THINGS, batch);
  }

  /** Not declared: the host never writes two lanes at once, but each still has its position. */
  @Test
  @Proves(Capability.PARALLEL_LANES)
  default void lanesAreWrittenAtOnceOrInTurn() throws Exception {
    store().prepare(THINGS);
    StorageBackend backend = store().backend();
    List<Callable<?>> lanes = new ArrayList<>();
    for (int lane = 1; lane <= 2; lane++) {
      int number = lane;
      backend.attach(
          new Attachment(
              TestStore.FOLLOWER,
              lane,
              store().journal(),
              1,
              Optional.empty(),
              OptionalLong.empty()));
      lanes.add(
          () -> {
            for (long from = 0; from < 30; from++) {
              Batch.Changes changes =
                  new Batch.Changes(THINGS, List.of(put(THINGS, from, number + "-" + from)));
              Batch batch =
                  new Batch(
                      TestStore.FOLLOWER,
                      number,
                      store().journal(),
                      1,
                      from,
                      from + 1,
                      List.of(changes),
                      Duration.ofSeconds(30));
              assertThat(backend.write(batch)).isInstanceOf(WriteResult.Committed.class);
            }
            return null;
          });
    }
    if (declares(Capability.PARALLEL_LANES)) {
      inThreads(lanes);
    } else {
      for (Callable<?> lane : lanes) {
        lane.call();
      }
      store()
          .doesNotApply("A promise, not a call: lanes written in turn each have their position.");
    }
    assertThat(store().rows(THINGS)).hasSize(60);
    assertThat(backend.sync(TestStore.FOLLOWER, 1).sequence()).isEqualTo(30);
    assertThat(backend.sync(TestStore.FOLLOWER, 2).sequence()).isEqualTo(30);
  }

  @Test
  default void interruptedWriteIsInOrMayBeRepeated() {
    store().prepare(THINGS);
    Batch batch = store().batch(THINGS, put(THINGS, 0, "a"));
    Thread.currentThread().interrupt();
    try {
      assertThat(store().backend().write(batch)).isInstanceOf(WriteResult.Committed.class);
    } catch (StorageException e) {
      assertThat(e.severity()).isEqualTo(StorageException.Severity.RETRY);
    } finally {
      // The host clears the interrupt before it goes on.
      boolean unused = Thread.interrupted();
    }
    store().commit(batch);
    assertThat(store().rows(THINGS)).hasSize(1);
  }

  @Test
  @Proves(Capability.ATOMIC_POSITION)
  default void twoWritersOfOneEpochNeverBothMoveThePosition() throws Exception {
    store().prepare(THINGS);
    StorageBackend backend = store().backend();
    List<Callable<?>> writers = new ArrayList<>();
    // The zombie of a call that was given up, and the one that repeats it.
    for (int writer = 0; writer < 2; writer++) {
      writers.add(
          () -> {
            for (long from = 0; from < 40; from++) {
              Batch batch = store().batch(1, from, THINGS, put(THINGS, from, "k" + from));
              assertThat(backend.write(batch)).isInstanceOf(WriteResult.Committed.class);
            }
            return null;
          });
    }
    if (declares(Capability.ATOMIC_POSITION)) {
      inThreads(writers);
    } else {
      for (Callable<?> writer : writers) {
        writer.call();
      }
    }
    assertThat(store().rows(THINGS)).hasSize(40);
    assertThat(backend.sync(TestStore.FOLLOWER, 0).sequence()).isEqualTo(40);
  }
}
