package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.SQLException;
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
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Row;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;

/** Writes move from a server to its replica while they go on, and nothing is lost or doubled. */
class FailOverTest {
  private static final int ROWS = 50;

  /** Half of a batch's keys are the next one's as well. */
  private static final int STEP = ROWS / 2;

  private static final long BEFORE = 20;
  private static final long AFTER = 20;
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration POLL = Duration.ofMillis(5);

  private interface Change {
    void make(Replication pair) throws Exception;
  }

  /** Servers of MySQL, which somebody may name for the tests, are replicated by other words. */
  @BeforeAll
  static void requireMariaDb() throws SQLException {
    try (Connection connection = new Database().connect()) {
      assumeTrue(ServerKind.of(connection) == ServerKind.MARIADB, "needs a server of MariaDB");
    }
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
  }

  private static void survives(Change change) throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Replication pair = Replication.start();
        Host host = new Host(pair.backend())) {
      host.attach();
      Writer writer = new Writer(host);
      Future<Long> running = threads.submit(writer::run);
      while (writer.written.get() < BEFORE && !running.isDone()) {
        LockSupport.parkNanos(POLL.toNanos());
      }
      try {
        change.make(pair);
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

  @Test
  void writesMoveToTheReplicaThatIsPromotedWhenTheFirstServerBecomesReadOnly() throws Exception {
    survives(Replication::switchOver);
  }

  /** The first server comes back as it was, and nobody turns to it. */
  @Test
  void writesMoveToTheReplicaThatIsPromotedWhenTheFirstServerIsKilled() throws Exception {
    survives(
        pair -> {
          pair.failOver();
          pair.first.start();
        });
  }
}
