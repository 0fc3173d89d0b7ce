package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.storage.jdbc.Partition;
import org.larder.storage.model.Row;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageException;

/** Writes move from a server to its replica while they go on, and nothing is lost or doubled. */
class FailOverTest {
  private static final int ROWS = 50;

  /** Half of a batch's keys are the next one's as well. */
  private static final int STEP = ROWS / 2;

  private static final long BEFORE = 20;
  private static final long AFTER = 20;

  /** As the usual settings have it. */
  private static final int READY_READERS = 5;

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private interface Change {
    void make(Replication pair, Writer writer) throws Exception;
  }

  private static String key(long number) {
    return "note-%08d".formatted(number);
  }

  private static List<Row> rows(long round) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(Host.note(key(round * STEP + i), "round", round, "body", "written in " + round));
    }
    return rows;
  }

  /** Writes rounds until it is told that the change was made, and then some more. */
  private static final class Writer {
    private final Host host;
    private final AtomicLong written = new AtomicLong();
    private final AtomicBoolean changed = new AtomicBoolean();

    private Writer(Host host) {
      this.host = host;
    }

    /** Gives how often a batch had to be repeated. */
    private long run() {
      long failures = 0;
      for (long left = AFTER; left > 0; ) {
        left -= changed.get() ? 1 : 0;
        failures += host.persist(host.batch(rows(written.get() + 1), LIMIT));
        written.incrementAndGet();
      }
      return failures;
    }

    /** Waits until so many more are written. */
    private void awaitRounds(long more) {
      long wanted = written.get() + more;
      Waiting.until("round " + wanted, () -> written.get() >= wanted);
    }
  }

  private static void survives(int connections, Change change) throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Replication pair = Replication.start();
        Host host = new Host(pair.backend(new Partition(connections, 1)))) {
      host.attach();
      Writer writer = new Writer(host);
      Future<Long> running = threads.submit(writer::run);
      try {
        writer.awaitRounds(BEFORE);
        change.make(pair, writer);
      } finally {
        writer.changed.set(true);
      }
      assertThat(running.get()).as("writes that were repeated").isPositive();
      long last = writer.written.get();
      assertThat(host.position()).isEqualTo(last * ROWS);
      assertThat(host.persistentCount(last)).as("readers have moved").isEqualTo(ROWS);
      try (Host second = new Host(pair.backendOfTheSecond())) {
        second.attach();
        assertThat(second.position()).isEqualTo(last * ROWS);
        assertThat(notes(second)).isEqualTo(expected(last));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Map<String, String> expected(long last) {
    Map<String, String> notes = new TreeMap<>();
    for (long round = 1; round <= last; round++) {
      for (Row row : rows(round)) {
        notes.put(row.key(), said(row));
      }
    }
    return notes;
  }

  private static Map<String, String> notes(Host host) {
    Map<String, String> notes = new TreeMap<>();
    try (RecordCursor cursor = host.backend.scan(ScanRequest.all(Host.NOTES))) {
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        assertThat(notes.put(row.key(), said(row))).as("another row of the key").isNull();
      }
    }
    return notes;
  }

  private static String said(Row row) {
    return row.getLong(Host.NOTES.ordinal("round"))
        + " "
        + row.getString(Host.NOTES.ordinal("body"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void writesMoveToTheReplicaThatIsPromotedWhenTheFirstServerBecomesReadOnly(int connections)
      throws Exception {
    survives(connections, (pair, writer) -> pair.switchOver());
  }

  /** The first server comes back as it was, and nobody turns to it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void writesMoveToTheReplicaThatIsPromotedWhenTheFirstServerIsKilled(int connections)
      throws Exception {
    survives(
        connections,
        (pair, writer) -> {
          pair.failOver();
          // The answer to a round of the first may still be on its way, the next one has moved.
          writer.awaitRounds(2);
          pair.first.start();
        });
  }

  /** Waits until the pool has connected all that it keeps ready. */
  private static void awaitReaders(Host host) {
    Waiting.until(
        "the readers are ready", () -> host.backend.pool().orElseThrow().idle() >= READY_READERS);
  }

  /** The writer is asked while there is none that takes writes, and its connection is kept. */
  @Test
  void readersFollowAWriterThatWasAskedBeforeThePromotion() throws Exception {
    try (Replication pair = Replication.start();
        Host host = new Host(pair.backend())) {
      host.attach();
      host.commit(host.batch(rows(1), LIMIT));
      awaitReaders(host);
      pair.loseFirst();
      Throwable lost = catchThrowable(() -> host.backend.sync("primary", 0));
      Throwable early = catchThrowable(() -> host.backend.sync("primary", 0));
      pair.promoteAfterLoss();
      host.persist(host.batch(rows(2), LIMIT));
      pair.first.start();
      assertThat(host.persistentCount(2)).as("readers have followed").isEqualTo(ROWS);
      assertThat(lost).isInstanceOf(StorageException.class);
      assertThat(early)
          .as("a replica, which may be late, stands for nobody")
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.code()).isEqualTo("STORE_READ_ONLY"));
    }
  }

  @Test
  void readersMoveThoughNobodyWrites() throws Exception {
    try (Replication pair = Replication.start();
        Host host = new Host(pair.backend())) {
      host.attach();
      host.commit(host.batch(rows(1), LIMIT));
      assertThat(host.count(1)).isEqualTo(ROWS);
      pair.failOver();
      assertThat(host.persistentCount(1)).isEqualTo(ROWS);
    }
  }
}
