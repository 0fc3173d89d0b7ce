package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.larder.storage.mysql.server.MariaDbServer;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StorageException.Severity;
import org.larder.storage.spi.WriteResult;

/** What happens when the server or a connection goes away and comes back. */
class OutageTest {
  private static final int ROWS = 500;
  private static final Duration POLL = Duration.ofMillis(2);

  private interface Mischief {
    void run(MariaDbServer server) throws Exception;
  }

  private static void survives(Mischief mischief) throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (MariaDbServer server = Database.newServer();
        Database database = new Database(server);
        Host host = new Host(database.backend())) {
      host.attach();
      AtomicLong rounds = new AtomicLong();
      long last = 150;
      Future<Long> writer =
          threads.submit(
              () -> {
                long failures = 0;
                for (long round = 1; round <= last; round++) {
                  failures += host.persist(host.batch(ROWS, round));
                  rounds.set(round);
                }
                return failures;
              });
      for (long pause : new long[] {20, 60}) {
        while (rounds.get() < pause && !writer.isDone()) {
          LockSupport.parkNanos(POLL.toNanos());
        }
        mischief.run(server);
      }
      assertThat(writer.get()).as("failed writes").isPositive();
      assertThat(host.position()).isEqualTo(last * ROWS);
      assertThat(host.persistentCount(last)).isEqualTo(ROWS);
      assertThat(host.count()).isEqualTo(ROWS);
      assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(last * ROWS);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void serverStoppedAndStartedAgainInTheMiddleOfWriting() throws Exception {
    survives(
        server -> {
          server.stop();
          server.start();
        });
  }

  @Test
  void serverKilledInTheMiddleOfWriting() throws Exception {
    survives(
        server -> {
          server.kill();
          server.start();
        });
  }

  @Test
  void serverThatIsAwayShowsInTheProbe() throws Exception {
    try (MariaDbServer server = Database.newServer();
        Database database = new Database(server);
        Host host = new Host(database.backend())) {
      host.attach();
      server.stop();
      Probe probe = host.backend.probe(Duration.ofMillis(500));
      assertThat(probe.condition()).isEqualTo(Probe.Condition.DOWN);
      assertThat(probe.detail()).contains("cannot be reached");
      StorageException failure = Host.failure(host::count);
      assertThat(failure.severity()).isEqualTo(Severity.RETRY);
      server.start();
      host.persist(host.batch(3, 1));
      assertThat(host.persistentCount(1)).isEqualTo(3);
      assertThat(host.backend.probe(Duration.ofSeconds(5)).condition())
          .isEqualTo(Probe.Condition.UP);
    }
  }

  /** A server that keeps its connections and says nothing, in the middle of a write and idle. */
  @Test
  void writeToServerThatSaysNothingIsGivenUpAndTheBackendStops() throws Exception {
    try (MariaDbServer server = Database.newServer();
        Database database = new Database(server)) {
      Host host = new Host(database.backend());
      host.attach();
      host.write(ROWS, 1);
      assertThat(host.count()).isEqualTo(ROWS);
      server.pause();
      try {
        long begin = System.nanoTime();
        Batch batch = host.batch(ROWS, 2, Duration.ofSeconds(1));
        StorageException failure = Host.failure(() -> host.backend.write(batch));
        assertThat(failure.severity()).as(failure.getMessage()).isEqualTo(Severity.RETRY);
        assertThat(failure.code()).isEqualTo("TIMEOUT");
        assertThat(secondsSince(begin)).as("seconds until it was given up").isLessThan(5);

        begin = System.nanoTime();
        assertThat(Host.failure(() -> host.backend.write(batch)).severity())
            .isEqualTo(Severity.RETRY);
        assertThat(secondsSince(begin)).as("seconds to connect in vain").isLessThan(8);

        begin = System.nanoTime();
        host.close();
        assertThat(secondsSince(begin)).as("seconds to stop").isLessThan(6);
      } finally {
        server.resume();
      }
      try (Host next = new Host(database.backend())) {
        next.attach();
        assertThat(next.position()).as("what was given up is not in").isEqualTo(ROWS);
        assertThat(next.count()).isEqualTo(ROWS);
      }
    }
  }

  private static double secondsSince(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  /** The answer to the commit is lost: repeated, the batch is found to be in. */
  @Test
  void committedBatchThatIsRepeatedOverANewConnectionCountsOnce() throws Exception {
    try (Database database = new Database();
        Host host = new Host(database.backend())) {
      host.attach();
      Batch batch = host.batch(ROWS, 1);
      assertThat(host.backend.write(batch)).isInstanceOf(WriteResult.Committed.class);
      killConnections(database);

      StorageException failure = Host.failure(() -> host.backend.write(batch));
      assertThat(failure.severity()).isEqualTo(Severity.RETRY);
      host.persist(batch);
      assertThat(database.text("SELECT COUNT(*) FROM notes WHERE round = 1")).isEqualTo("500");
      host.write(ROWS, 2);
      assertThat(database.text("SELECT COUNT(*) FROM notes WHERE round = 2")).isEqualTo("500");
    }
  }

  private static void killConnections(Database database) throws SQLException {
    try (Connection connection = database.connect();
        Statement list = connection.createStatement();
        Statement kill = connection.createStatement();
        ResultSet found =
            list.executeQuery(
                "SELECT id FROM information_schema.processlist WHERE db = '"
                    + database.name
                    + "'")) {
      while (found.next()) {
        kill.execute("KILL CONNECTION " + found.getLong(1));
      }
    }
  }

  @Test
  void serverThatTakesNoWritesIsWaitedFor() throws Exception {
    try (MariaDbServer server = Database.newServer();
        Database database = new Database(server)) {
      database.execute(
          "CREATE USER worker IDENTIFIED BY 'secret'",
          "GRANT ALL ON " + database.name + ".* TO worker",
          "CREATE DATABASE " + database.name);
      MysqlBackend backend =
          new MysqlBackend(MysqlSettings.of("main", server.url(database.name), "worker", "secret"));
      try (Host host = new Host(backend)) {
        host.attach();
        host.write(10, 1);
        database.execute("SET GLOBAL read_only = 1");
        StorageException failure = Host.failure(() -> host.write(10, 2));
        assertThat(failure.severity()).isEqualTo(Severity.RETRY);
        assertThat(failure.code()).isEqualTo("STORE_READ_ONLY");
        assertThat(host.persistentCount(1)).isEqualTo(10);
        database.execute("SET GLOBAL read_only = 0");
        host.persist(host.batch(10, 2));
        assertThat(host.persistentCount(2)).isEqualTo(10);
      }
    }
  }

  /** Two servers stand for the two ends of a replication: one is read only, then the other. */
  @Test
  void writesMoveToTheServerThatTakesThem() throws Exception {
    try (MariaDbServer first = Database.newServer();
        MariaDbServer second = Database.newServer();
        Database here = new Database(first);
        Database there = new Database(second)) {
      String url =
          "jdbc:mysql://127.0.0.1:%d,127.0.0.1:%d/%s"
              .formatted(first.port(), second.port(), there.name);
      try (Host host =
          new Host(new MysqlBackend(MysqlSettings.of("main", url, MariaDbServer.ROOT, "")))) {
        first.stop();
        host.attach();
        host.write(10, 1);
        assertThat(there.text("SELECT COUNT(*) FROM notes")).isEqualTo("10");
        first.start();
        host.write(10, 2);
        assertThat(host.persistentCount(2)).isEqualTo(10);

        here.execute("CREATE DATABASE " + there.name);
        there.execute("SET GLOBAL read_only = 1");
        killConnections(there);
        StorageException lost = Host.failure(() -> host.write(10, 3));
        assertThat(lost.severity()).isEqualTo(Severity.RETRY);
        StorageException other = Host.failure(() -> host.write(10, 3));
        assertThat(other.code())
            .as("the other server has another store")
            .isEqualTo("DIFFERENT_STORE");
      }
    }
  }
}
