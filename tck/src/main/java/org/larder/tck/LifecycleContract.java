package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.put;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Row;
import org.larder.storage.query.Query;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;

/** That a backend answers in time and leaves nothing behind. */
@Area(name = "coming and going", promise = "A probe keeps its time, and a close leaves nothing.")
public interface LifecycleContract extends BackendUnderTest {
  @Test
  default void probeKeepsItsBudgetBesideAWriter() throws Exception {
    store().prepare(THINGS);
    StorageBackend backend = store().backend();
    AtomicBoolean done = new AtomicBoolean();
    try (Clocked<Void> writer =
        Clocked.begin(
            () -> {
              while (!done.get()) {
                store().merge(THINGS, Samples.things(1000));
              }
              return null;
            })) {
      for (long millis : new long[] {1, 20, 100, 500, 100, 20, 1}) {
        Duration budget = Duration.ofMillis(millis);
        try (Clocked<Probe> probe = Clocked.begin(() -> backend.probe(budget))) {
          assertThat(probe.endsWithin(budget.plusSeconds(5))).as("within %s", budget).isTrue();
          assertThat(probe.within(budget).condition()).isNotNull();
        }
      }
      done.set(true);
      writer.within(Clocked.GRACE);
    }
  }

  @Test
  default void scanCutShortByACloseNeverLooksComplete() throws Exception {
    store().prepare(THINGS);
    List<Row> rows = Samples.things(4000);
    store().merge(THINGS, rows);
    List<Row> seen = new ArrayList<>();
    try (RecordCursor cursor = store().backend().scan(ScanRequest.all(THINGS))) {
      seen.add(cursor.next());
      try (Clocked<Void> close =
          Clocked.begin(
              () -> {
                store().reopen();
                return null;
              })) {
        boolean unused = close.endsWithin(Clocked.GRACE);
        for (Row row = cursor.next(); row != null; row = cursor.next()) {
          seen.add(row);
        }
        assertThat(seen).as("rows of a scan that ended by itself").hasSize(rows.size());
      } catch (StorageException e) {
        assertThat(e.severity())
            .as(e.getMessage())
            .isIn(StorageException.Severity.RETRY, StorageException.Severity.BUSY);
      }
    }
    store().attach(1);
    store().backend().ensureCollection(THINGS);
    assertThat(store().rows(THINGS)).hasSize(rows.size());
  }

  /** The zombie: a call that comes back to an instance that was given up. */
  @Test
  default void writeToAClosedBackendIsRefusedOrCountsOnce() throws Exception {
    store().prepare(THINGS);
    StorageBackend old = store().backend();
    Batch batch = store().batch(THINGS, put(THINGS, 0, "a", "hits", 1L));
    store().reopen();
    try (Clocked<WriteResult> write = Clocked.begin(() -> old.write(batch))) {
      boolean unused = Clocked.taken(write, batch.timeout());
    }
    TestStore.persist(() -> store().attach(1));
    store().backend().ensureCollection(THINGS);
    store().commit(batch);
    store().write(THINGS, put(THINGS, 1, "a", "hits", 2L));
    assertThat(store().rows(THINGS)).extracting(row -> row.value("hits")).containsExactly(2L);
  }

  @Test
  default void closeLeavesNoThreadBehind() throws Exception {
    // What the first round starts may serve all later ones.
    useAndClose();
    Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
    useAndClose();
    CountDownLatch never = new CountDownLatch(1);
    List<Thread> left = left(before);
    for (int i = 0; i < 100 && !left.isEmpty(); i++) {
      boolean unused = never.await(50, TimeUnit.MILLISECONDS);
      left = left(before);
    }
    assertThat(left).as("threads five seconds after the close").isEmpty();
  }

  private void useAndClose() throws Exception {
    store().attach(1);
    store().prepare(THINGS);
    store().merge(THINGS, Samples.things(20));
    assertThat(store().rows(THINGS)).hasSize(20);
    assertThat(store().ask(Query.of(THINGS).withLimit(5)).rows()).hasSize(5);
    assertThat(store().backend().probe(Duration.ofSeconds(5))).isNotNull();
    store().backend().sync(TestStore.FOLLOWER, 0);
    store().reopen();
  }

  /** Without the JVM's own, which come and go as they like. */
  private static List<Thread> left(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread) && thread.isAlive())
        .filter(thread -> thread.getThreadGroup() != null)
        .filter(thread -> !thread.getThreadGroup().getName().equals("system"))
        .filter(thread -> !thread.getName().startsWith("ForkJoinPool.commonPool"))
        .toList();
  }
}
