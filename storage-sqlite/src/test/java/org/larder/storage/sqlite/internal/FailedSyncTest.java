package org.larder.storage.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.jdbc.Call;
import org.larder.storage.jdbc.Migrations;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StorageException.Severity;

/** What the instances and processes after a sync that failed know of it. */
class FailedSyncTest {
  private static final int IO_ERROR = 10;
  private static final int INTERRUPT = 9;

  @TempDir private Path folder;
  private int failingWith;

  private void force(Connection connection, Call call) throws SQLException {
    if (failingWith != 0) {
      connection.setAutoCommit(true);
      throw new SQLException("as told", null, failingWith);
    }
    Durability.commitForced(connection, call);
  }

  private Host host() {
    return hostAt(folder);
  }

  private Host hostAt(Path place) {
    return new Host(
        new SqliteBackend(
            Host.settings(place),
            Migrations.beside(SqliteBackend.class, Clock.systemUTC()),
            this::force,
            Checkpoints::passive,
            Clock.systemUTC()));
  }

  private Path note() {
    return Host.settings(folder).failedSync();
  }

  private void failSync(Host host, int code) {
    failingWith = code;
    StorageException failure = Host.failure(() -> host.backend.sync("primary", 0));
    assertThat(failure.severity()).isEqualTo(Severity.RETRY);
    failingWith = 0;
  }

  /** Durable up to 100, at 200, and the disk has refused. */
  private void leaveFailedSync() {
    try (Host host = host()) {
      host.attach();
      host.write(100, 1);
      host.backend.sync("primary", 0);
      host.write(100, 2);
      failSync(host, IO_ERROR);
    }
  }

  @Test
  void failedSyncIsRememberedAndTheStoreFedAgain() {
    leaveFailedSync();
    assertThat(note()).content().contains(" primary 0 ").contains(" 100\n");
    try (Host next = host()) {
      assertThat(next.attach().position().sequence()).isEqualTo(100);
      next.write(100, 2);
      assertThat(next.backend.sync("primary", 0).sequence()).isEqualTo(200);
      assertThat(next.count()).isEqualTo(100);
      assertThat(note()).doesNotExist();
    }
    try (Host later = host()) {
      assertThat(later.attach().position().sequence()).isEqualTo(200);
    }
  }

  /** As for an instance that is begun anew while the process and a reader go on. */
  @Test
  void readerKeepsTheNextInstanceFromConfirmingWhatTheLastCouldNot() throws SQLException {
    Host host = host();
    host.attach();
    host.write(100, 1);
    host.backend.sync("primary", 0);
    try (Connection reader =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("larder.db"));
        Statement statement = reader.createStatement()) {
      statement.execute("BEGIN");
      try (ResultSet seen = statement.executeQuery("SELECT COUNT(*) FROM notes")) {
        assertThat(seen.next()).isTrue();
      }
      host.write(100, 2);
      failSync(host, IO_ERROR);
      host.close();
      try (Host next = host()) {
        next.attach();
        assertThat(Host.failure(() -> next.backend.sync("primary", 0)))
            .hasMessageContaining("a reader keeps the log");
        assertThat(note()).exists();
      }
    }
    try (Host next = host()) {
      next.attach();
      next.backend.sync("primary", 0);
      assertThat(note()).doesNotExist();
    }
  }

  @Test
  void attachAgainDoesNotBeginAgain() {
    leaveFailedSync();
    try (Host next = host()) {
      assertThat(next.attach().position().sequence()).isEqualTo(100);
      next.write(50, 2);
      assertThat(next.attach().position().sequence()).isEqualTo(150);
    }
  }

  @Test
  void failureAfterFailureKeepsTheOldestPosition() {
    leaveFailedSync();
    try (Host next = host()) {
      next.attach();
      next.write(100, 2);
      failSync(next, IO_ERROR);
    }
    try (Host later = host()) {
      assertThat(later.attach().position().sequence()).isEqualTo(100);
    }
  }

  @Test
  void syncThatGoesWellAfterAllLeavesNoNote() {
    try (Host host = host()) {
      host.attach();
      host.write(100, 1);
      failSync(host, IO_ERROR);
      assertThat(note()).exists();
      host.backend.sync("primary", 0);
      assertThat(note()).doesNotExist();
    }
  }

  @Test
  void interruptedSyncIsNoFailureOfTheDisk() {
    try (Host host = host()) {
      host.attach();
      failSync(host, INTERRUPT);
      assertThat(note()).doesNotExist();
    }
  }

  @Test
  void noteThatCannotBeReadStillAsksForTheWholeLog() throws IOException {
    leaveFailedSync();
    Files.writeString(note(), "of another release\n");
    try (Host next = host()) {
      assertThat(next.attach().position().sequence()).isEqualTo(200);
      assertThat(next.backend.sync("primary", 0).sequence()).isEqualTo(200);
      assertThat(note()).doesNotExist();
    }
  }

  @Test
  void noteOfAnotherStoreMovesNobody() throws IOException {
    leaveFailedSync();
    Path other = Files.createDirectory(folder.resolve("other"));
    try (Host host = hostAt(other)) {
      host.attach();
      host.write(300, 1);
      host.backend.sync("primary", 0);
    }
    Files.copy(note(), Host.settings(other).failedSync());
    try (Host host = hostAt(other)) {
      assertThat(host.attach().position().sequence()).isEqualTo(300);
    }
  }
}
