package org.larder.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.larder.storage.spi.StorageException;

class MigrationsTest {
  private static final String FIRST = "-- a comment;\nCREATE TABLE a (\n  x INTEGER\n);\n";
  private static final String SECOND =
      "ALTER TABLE a ADD COLUMN y INTEGER;\nINSERT INTO a VALUES (1, 2);\n";
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(7), ZoneOffset.UTC);

  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    connection.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void pendingScriptsRunOnceInOrder() throws SQLException {
    migrations(FIRST).run(connection);
    migrations(FIRST, SECOND).run(connection);
    migrations(FIRST, SECOND).run(connection);

    assertThat(number("SELECT COUNT(*) FROM a WHERE y = 2")).isEqualTo(1);
    assertThat(number("SELECT COUNT(*) FROM schema_version")).isEqualTo(2);
    assertThat(number("SELECT applied_at FROM schema_version WHERE version = 2"))
        .isEqualTo(7_000_000);
  }

  @Test
  void failingScriptLeavesNothingBehind() throws SQLException {
    migrations(FIRST).run(connection);

    assertThatThrownBy(
            () -> migrations(FIRST, "INSERT INTO a VALUES (1);\nNONSENSE;\n").run(connection))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.code()).isEqualTo("MIGRATION_FAILED"));

    assertThat(number("SELECT COUNT(*) FROM a")).isZero();
    assertThat(migrations(FIRST).current(connection)).isEqualTo(1);
  }

  @Test
  void newerStoreIsRefusedAndNotTouched() throws SQLException {
    migrations(FIRST, SECOND).run(connection);

    assertThatThrownBy(() -> migrations(FIRST).run(connection))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> {
              assertThat(e.code()).isEqualTo("STORE_NEWER");
              assertThat(e.severity()).isEqualTo(StorageException.Severity.HALT);
            });
    assertThat(number("SELECT COUNT(*) FROM schema_version")).isEqualTo(2);
  }

  private static Migrations migrations(String... scripts) {
    return new Migrations(List.of(scripts), CLOCK);
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }
}
