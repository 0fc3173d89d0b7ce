package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Row;
import org.larder.storage.mysql.server.MariaDbServer;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StorageException.Severity;
import org.larder.storage.spi.WriteResult;

/** Accounts, rights, settings of the server, and others who use it at the same time. */
class ServerTest {
  private final Database database = new Database();

  @AfterEach
  void drop() throws SQLException {
    database.close();
  }

  private Host host() {
    return new Host(database.backend());
  }

  private Host host(String user, String password) {
    String url = database.server.url(database.name);
    return new Host(new MysqlBackend(MysqlSettings.of("main", url, user, password)));
  }

  @Test
  void wrongPasswordHaltsAndIsNotRepeated() {
    try (Host host = host(MariaDbServer.ROOT, "hunter2")) {
      StorageException failure = Host.failure(host::attach);
      assertThat(failure.severity()).isEqualTo(Severity.HALT);
      assertThat(failure.code()).isEqualTo("STORE_DENIED");
      assertThat(failure.getMessage()).contains("Access denied").doesNotContain("hunter2");
      Probe probe = host.backend.probe(Duration.ofSeconds(2));
      assertThat(probe.condition()).isEqualTo(Probe.Condition.DOWN);
      assertThat(probe.detail()).contains("Access denied").doesNotContain("hunter2");
    }
  }

  @Test
  void accountWithoutRightsHalts() throws SQLException {
    database.execute("DROP USER IF EXISTS nobody", "CREATE USER nobody IDENTIFIED BY 'secret'");
    try (Host host = host("nobody", "secret")) {
      StorageException failure = Host.failure(host::attach);
      assertThat(failure.severity()).isEqualTo(Severity.HALT);
      assertThat(failure.code()).isEqualTo("STORE_DENIED");
    }
    database.execute(
        "CREATE DATABASE " + database.name, "GRANT SELECT ON " + database.name + ".* TO nobody");
    try (Host host = host("nobody", "secret")) {
      StorageException failure = Host.failure(host::attach);
      assertThat(failure.severity()).isEqualTo(Severity.HALT);
      assertThat(failure.code()).isEqualTo("STORE_DENIED");
    }
  }

  @Test
  void databaseIsMadeOnlyForANewStore() {
    try (Host host = host()) {
      assertThat(host.backend.probe(Duration.ofSeconds(5)).detail()).contains("no store yet");
      StorageException absent = Host.failure(host::count);
      assertThat(absent.severity()).isEqualTo(Severity.RETRY);
      assertThat(absent.code()).isEqualTo("STORE_ABSENT");
      StorageException expected = Host.failure(() -> host.attach(Optional.of(UUID.randomUUID())));
      assertThat(expected.code()).isEqualTo("DIFFERENT_STORE");
      assertThat(host.backend.probe(Duration.ofSeconds(5)).detail()).contains("no store yet");
      host.attach();
      assertThat(host.count()).isZero();
    }
  }

  @Test
  void databaseOfAnotherProgramIsLeftAlone() throws SQLException {
    database.execute(
        "CREATE DATABASE " + database.name,
        "CREATE TABLE " + database.name + ".schema_version (version INT, script TEXT)",
        "INSERT INTO " + database.name + ".schema_version VALUES (7, 'theirs')");
    try (Host host = host()) {
      assertThat(Host.failure(host::attach).code()).isEqualTo("DIFFERENT_STORE");
      assertThat(
              database.text(
                  "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()"))
          .isEqualTo("1");
    }
  }

  @Test
  void tableOfAnotherProgramIsLeftAlone() throws SQLException {
    database.execute(
        "CREATE DATABASE " + database.name,
        "CREATE TABLE " + database.name + ".notes (note_id INT PRIMARY KEY)");
    try (Host host = host()) {
      StorageException failure = Host.failure(host::attach);
      assertThat(failure.severity()).isEqualTo(Severity.HALT);
      assertThat(failure.code()).isEqualTo("SCHEMA_MISMATCH");
    }
  }

  /** Tables are made outside of transactions: what a crash left half done is completed. */
  @Test
  void collectionMadeByHalvesIsCompleted() throws SQLException {
    try (Host host = host()) {
      host.attach();
    }
    database.execute(
        "DELETE FROM " + database.name + "._collection",
        "DROP VIEW " + database.name + ".notes_v",
        "DROP INDEX round ON " + database.name + ".notes");
    try (Host host = host()) {
      host.attach();
      host.write(10, 1);
      assertThat(host.count(1)).isEqualTo(10);
      assertThat(database.text("SELECT COUNT(*) FROM notes_v")).isEqualTo("10");
      assertThat(database.text("SHOW INDEX FROM notes WHERE key_name = 'round'")).isNotNull();
    }
  }

  @Test
  void viewShowsTimesAndDecimals() throws SQLException {
    try (Host host = host()) {
      host.attach();
      host.put(
          Host.note(
              "a",
              "at",
              Instant.parse("1969-12-31T23:59:59.000001Z"),
              "price",
              new BigDecimal("-0.5")),
          Host.note(
              "b",
              "at",
              Instant.parse("2026-11-21T06:00:00Z"),
              "price",
              new BigDecimal("99999999999999.9999")),
          Host.note("c", "at", null, "price", null));
      assertThat(database.text("SELECT at FROM notes_v WHERE note_id = 'a'"))
          .isEqualTo("1969-12-31T23:59:59.000001Z");
      assertThat(database.text("SELECT price FROM notes_v WHERE note_id = 'a'"))
          .isEqualTo("-0.5000");
      assertThat(database.text("SELECT at FROM notes_v WHERE note_id = 'b'"))
          .isEqualTo("2026-11-21T06:00:00.000000Z");
      assertThat(database.text("SELECT price FROM notes_v WHERE note_id = 'b'"))
          .isEqualTo("99999999999999.9999");
      assertThat(database.text("SELECT at FROM notes_v WHERE note_id = 'c'")).isNull();
      assertThat(database.text("SELECT price FROM notes_v WHERE note_id = 'c'")).isNull();
    }
  }

  @Test
  void lockedRowsMakeTheStoreBusyAndNothingIsLost() throws SQLException {
    try (Host host = host()) {
      host.attach();
      host.write(10, 1);
      Batch batch = host.batch(10, 2);
      try (Connection other = database.connect(database.name);
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.execute("UPDATE notes SET round = 9 WHERE note_id = 'note-00000007'");
        StorageException failure = Host.failure(() -> host.backend.write(batch));
        assertThat(failure.severity()).isEqualTo(Severity.BUSY);
        assertThat(host.count(1)).isEqualTo(10);
        other.rollback();
      }
      host.commit(batch);
      assertThat(host.count(2)).isEqualTo(10);
    }
  }

  @Test
  void deadlockMakesTheStoreBusyAndIsRepeated() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Host host = host()) {
      host.attach();
      host.write(1000, 1);
      Batch batch = host.batch(1000, 2);
      try (Connection other = database.connect(database.name);
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        // The heavier transaction wins a deadlock.
        statement.execute("UPDATE notes SET round = 9 WHERE note_id >= 'note-00000100'");
        Future<StorageException> failure =
            threads.submit(() -> Host.failure(() -> host.backend.write(batch)));
        awaitLockWait();
        statement.execute("UPDATE notes SET round = 9 WHERE note_id < 'note-00000100'");
        assertThat(failure.get().severity()).isEqualTo(Severity.BUSY);
        other.rollback();
      }
      host.commit(batch);
      assertThat(host.count(2)).isEqualTo(1000);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Servers make the list anew only when it was not asked for during a tenth of a second. */
  private void awaitLockWait() throws SQLException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20)) {
      if (!"0"
          .equals(
              database.text(
                  "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"))) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
    throw new AssertionError("Nobody waits for a lock");
  }

  @Test
  void writerOfAnotherNodeIsFencedOff() {
    try (Host old = host();
        Host next = new Host(database.backend(), 2)) {
      old.attach();
      old.write(10, 1);
      next.attach();
      assertThat(next.position()).isEqualTo(10);
      assertThat(Host.failure(() -> old.write(10, 2)).severity()).isEqualTo(Severity.FENCED);
      assertThat(Host.failure(old::attach).severity()).isEqualTo(Severity.FENCED);
      next.write(5, 3);
      assertThat(old.count(3)).isEqualTo(5);
    }
  }

  @Test
  void backendsDoNotKnowEachOther() throws SQLException {
    try (Database second = new Database();
        Host one = host();
        Host other = new Host(second.backend())) {
      one.attach();
      other.attach();
      one.write(10, 1);
      other.write(20, 2);
      assertThat(one.count()).isEqualTo(10);
      assertThat(other.count()).isEqualTo(20);
    }
  }

  @Test
  void rowBeyondThePacketIsRefusedAndTheOthersAreNot() throws Exception {
    try (MariaDbServer server = Database.newServer("--max-allowed-packet=1M");
        Database small = new Database(server);
        Host host = new Host(small.backend())) {
      host.attach();
      Row large = Host.note("large", "body", "'".repeat(260_000));
      host.put(Host.note("a", "body", "x".repeat(250_000)), Host.note("b"), large);
      List<Row> rows =
          IntStream.range(0, 40)
              .mapToObj(i -> Host.note("m%02d".formatted(i), "body", "y".repeat(200_000)))
              .toList();
      host.put(rows.toArray(Row[]::new));
      assertThat(host.count()).isEqualTo(43);
      Probe probe = host.backend.probe(Duration.ofSeconds(5));
      assertThat(probe.condition()).isEqualTo(Probe.Condition.DEGRADED);
      assertThat(probe.detail()).contains("max_allowed_packet");
    }
    try (MariaDbServer server = Database.newServer("--max-allowed-packet=256K");
        Database small = new Database(server);
        Host host = new Host(small.backend())) {
      host.attach();
      Batch batch =
          host.batch(
              List.of(Host.note("large", "body", "x".repeat(262_000))), Duration.ofSeconds(9));
      WriteResult result = host.backend.write(batch);
      assertThat(result)
          .isInstanceOfSatisfying(
              WriteResult.Refused.class,
              refused -> assertThat(refused.reason()).contains("max_allowed_packet"));
      host.write(10, 1);
      assertThat(host.count()).isEqualTo(10);
    }
  }

  @Test
  void serverThatForcesNoCommitsHasNoDurablePosition() throws SQLException {
    try (Host host = host()) {
      host.attach();
      host.write(10, 1);
      assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(10);
      database.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
      try {
        host.write(10, 2);
        assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(10);
        Probe probe = host.backend.probe(Duration.ofSeconds(5));
        assertThat(probe.condition()).isEqualTo(Probe.Condition.DEGRADED);
        assertThat(probe.detail()).contains("innodb_flush_log_at_trx_commit is 2");
      } finally {
        database.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
      }
      assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(20);
    }
  }

  @Test
  void durablePositionHoldsForItsOwnJournalAndNoFurtherThanItWasSetBack() throws SQLException {
    try (Host host = host()) {
      host.attach();
      host.write(10, 1);
      assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(10);
      database.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
      try {
        attachAt(host, new UUID(3, 4), 10);
        assertThat(host.backend.sync("primary", 0).sequence()).isZero();
        attachAt(host, Host.JOURNAL, 4);
        attachAt(host, Host.JOURNAL, 10);
        assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(4);
      } finally {
        database.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
      }
    }
  }

  private static void attachAt(Host host, UUID journal, long position) {
    host.backend.attach(
        new Attachment("primary", 0, journal, 1, Optional.empty(), OptionalLong.of(position)));
  }

  @Test
  void binaryLogThatIsNotSyncedIsMadeUpForWhereTheAccountMay() throws Exception {
    try (MariaDbServer server =
            Database.newServer("--log-bin", "--server-id=1", "--sync-binlog=0");
        Database logged = new Database(server)) {
      logged.execute(
          "CREATE USER worker IDENTIFIED BY 'secret'",
          "GRANT ALL ON " + logged.name + ".* TO worker");
      try (Host host = new Host(logged.backend())) {
        host.attach();
        host.write(10, 1);
        assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(10);
      }
      String url = server.url(logged.name);
      try (Host host =
          new Host(new MysqlBackend(MysqlSettings.of("main", url, "worker", "secret")))) {
        host.attach();
        host.write(10, 2);
        assertThat(host.backend.sync("primary", 0).sequence()).isZero();
        logged.execute("SET GLOBAL sync_binlog = 1");
        assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(20);
      }
    }
  }

  @Test
  void nothingIsLeftBehind() throws InterruptedException {
    try (Host host = host()) {
      host.attach();
      host.write(10, 1);
      assertThat(host.count()).isEqualTo(10);
      assertThat(host.backend.probe(Duration.ofSeconds(5)).detail()).contains("of 10 in use");
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      String name = thread.getName();
      if (name.contains("larder-main") || name.contains("mysql-cj")) {
        thread.join(1000);
        assertThat(thread.isAlive()).as(name).isFalse();
      }
    }
  }
}
