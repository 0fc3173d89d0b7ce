package org.larder.storage.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.jdbc.Call;
import org.larder.storage.jdbc.Migrations;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StorageException.Severity;

/** What a sync may claim after the disk refused one. */
class FailedForceTest {
  @TempDir private Path folder;

  private boolean failing;
  private boolean checkpointFailing;
  private int checkpoints;
  private long logBytesAtForce;

  /** As a disk that refuses: the connection is left in the middle of it. */
  private void force(Connection connection, Call call) throws SQLException {
    if (failing) {
      throw failed(connection);
    }
    logBytesAtForce = log().toFile().length();
    Durability.commitForced(connection, call);
  }

  private void bringIn(Connection connection, Call call) throws SQLException {
    checkpoints++;
    if (checkpointFailing) {
      throw failed(connection);
    }
    Checkpoints.passive(connection, call);
  }

  private static SQLException failed(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    return new SQLException("disk I/O error", null, 10);
  }

  private Path log() {
    return Host.settings(folder).log();
  }

  private Host host() {
    return new Host(
        new SqliteBackend(
            Host.settings(folder),
            Migrations.beside(SqliteBackend.class, Clock.systemUTC()),
            this::force,
            this::bringIn,
            Clock.systemUTC()));
  }

  private void failSync(Host host) {
    failing = true;
    StorageException failure = Host.failure(() -> host.backend.sync("primary", 0));
    assertThat(failure.severity()).isEqualTo(Severity.RETRY);
    failing = false;
  }

  @Test
  void logIsBroughtInBeforeItIsForcedAgain() {
    try (Host host = host()) {
      host.attach();
      host.backend.sync("primary", 0);
      host.write(100, 1);
      host.backend.sync("primary", 0);
      assertThat(logBytesAtForce).isPositive();
      failSync(host);
      failSync(host);

      assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(100);
      assertThat(logBytesAtForce).isZero();
      host.write(100, 2);
      assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(200);
      assertThat(logBytesAtForce).isPositive();
    }
  }

  @Test
  void readerThatHoldsTheLogKeepsSyncFromSucceeding() throws SQLException {
    try (Host host = host()) {
      host.attach();
      host.backend.sync("primary", 0);
      host.write(100, 1);
      try (Connection reader =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("larder.db"));
          Statement statement = reader.createStatement()) {
        statement.execute("BEGIN");
        try (ResultSet seen = statement.executeQuery("SELECT COUNT(*) FROM notes")) {
          assertThat(seen.next()).isTrue();
        }
        host.write(100, 2);
        failSync(host);

        StorageException refused = Host.failure(() -> host.backend.sync("primary", 0));
        assertThat(refused.severity()).isEqualTo(Severity.RETRY);
        assertThat(refused).hasMessageContaining("a reader keeps the log");
        assertThat(Files.exists(log())).isTrue();
      }
      assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(200);
      assertThat(logBytesAtForce).isZero();
    }
  }

  @Test
  void writerInAutoCommitIsNotUsedAgain() {
    try (Host host = host()) {
      host.attach();
      failSync(host);
      Batch batch = host.batch(200_000, 1, Duration.ofMillis(150));
      assertThat(Host.failure(() -> host.backend.write(batch)).code()).isEqualTo("TIMEOUT");

      assertThat(host.backend.sync("primary", 0).sequence()).isZero();
      assertThat(host.count()).isZero();
    }
  }

  /** Those who wrote it may have ended since a force of it failed. */
  @Test
  void logOfAnEarlierProcessIsBroughtInBeforeItIsForced() throws Exception {
    try (Host host = host()) {
      host.attach();
      host.backend.sync("primary", 0);
      host.write(1000, 1);
      Path killed = Files.createDirectory(folder.resolve("killed"));
      for (String name : List.of("larder.db", "larder.db-wal")) {
        Files.copy(folder.resolve(name), killed.resolve(name));
      }
      try (Host next = Host.at(killed)) {
        next.attach();
        assertThat(Files.size(Host.settings(killed).log())).isGreaterThan(100_000);
        assertThat(next.backend.sync("primary", 0).sequence()).isEqualTo(1000);
        // Only what the sync itself has written.
        assertThat(Files.size(Host.settings(killed).log())).isLessThan(50_000);
        assertThat(next.count()).isEqualTo(1000);
      }
    }
  }

  @Test
  void checkpointThatFailsIsRememberedByTheNextSync() {
    try (Host host = host()) {
      host.attach();
      host.backend.sync("primary", 0);
      checkpointFailing = true;
      for (int round = 0; checkpoints == 0; round++) {
        host.write(5000, round);
      }
      checkpointFailing = false;
      long written = host.position();

      assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(written);
      assertThat(logBytesAtForce).isZero();
      host.write(100, 0);
      assertThat(host.backend.sync("primary", 0).sequence()).isEqualTo(written + 100);
      assertThat(logBytesAtForce).isPositive();
    }
  }

  @Test
  void logThatHasGrownIsBroughtIn() {
    try (Host host = host()) {
      host.attach();
      long pages = Host.settings(folder).checkpointPages();
      for (int round = 0; checkpoints < 5; round++) {
        host.write(5000, round);
      }
      assertThat(log().toFile().length()).isLessThan(2 * pages * 8192);
    }
  }
}
