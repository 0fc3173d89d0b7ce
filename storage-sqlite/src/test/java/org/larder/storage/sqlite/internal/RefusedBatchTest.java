package org.larder.storage.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.larder.storage.jdbc.Call;
import org.larder.storage.jdbc.Calls;
import org.larder.storage.jdbc.JdbcWriter;
import org.larder.storage.jdbc.Migrations;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.WriteResult;

/** A batch of which the database refuses a row, and what was written of it before. */
class RefusedBatchTest {
  private final Calls calls = new Calls("main", statement -> {});
  private Connection database;
  private JdbcWriter writer;
  private Batch batch;
  private boolean rollsBack = true;

  @BeforeEach
  void open() throws SQLException {
    database = DriverManager.getConnection("jdbc:sqlite::memory:");
    database.setAutoCommit(false);
    writer =
        new JdbcWriter(
            new SqliteDialect(),
            Migrations.beside(SqliteBackend.class, Clock.systemUTC()),
            failing(database));
    writer.attach(
        new Attachment("primary", 0, new UUID(1, 2), 1, Optional.empty(), OptionalLong.empty()),
        format -> {});
    try (Call call = calls.begin(Duration.ofMinutes(1));
        Host host = new Host(SqliteSettings.of("unused", Path.of("unused")))) {
      writer.ensureCollection(Host.NOTES, call);
      batch = host.batch(2_000, 1, Duration.ofMinutes(1));
    }
    try (Statement statement = database.createStatement()) {
      statement.execute(
          "CREATE TRIGGER picky BEFORE INSERT ON notes WHEN NEW.note_id = 'note-00001500'"
              + " BEGIN SELECT RAISE(ABORT, 'not this one'); END");
    }
    database.commit();
  }

  @AfterEach
  void close() throws SQLException {
    calls.close();
    database.close();
  }

  /** A connection that may not roll back. */
  private Connection failing(Connection real) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) -> {
              if (method.getName().equals("rollback") && !rollsBack) {
                throw new SQLException("disk I/O error", null, 10);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private WriteResult write() {
    try (Call call = calls.begin(Duration.ofMinutes(1))) {
      return writer.write(batch, call);
    }
  }

  private long stored(String sql) throws SQLException {
    database.rollback();
    try (Statement statement = database.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.getLong(1);
    }
  }

  @Test
  void refusedBatchLeavesNothingBehind() throws SQLException {
    assertThat(write()).isInstanceOf(WriteResult.Refused.class);
    assertThat(stored("SELECT COUNT(*) FROM notes")).isZero();
    assertThat(stored("SELECT sequence FROM _position")).isZero();
  }

  @Test
  void refusedBatchThatCannotBeTakenBackIsNotCommitted() throws SQLException {
    rollsBack = false;
    Host.failure(this::write);
    assertThat(writer.isBroken()).isTrue();
    rollsBack = true;
    assertThat(stored("SELECT COUNT(*) FROM notes")).isZero();
    assertThat(stored("SELECT sequence FROM _position")).isZero();
  }
}
