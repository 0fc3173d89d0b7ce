package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Another program, which has one row to itself until it is closed; for one thread. */
final class RowHolder implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final int NO_SUCH_CONNECTION = 1094;
  private static final String WAITING =
      "SELECT trx_mysql_thread_id FROM information_schema.innodb_trx"
          + " WHERE trx_state = 'LOCK WAIT'";

  private final Database database;
  private final Connection connection;
  private final long id;

  RowHolder(Database database, String table, String keyField, String key) throws SQLException {
    this.database = database;
    connection = database.connect(database.name);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      try (ResultSet result = statement.executeQuery("SELECT CONNECTION_ID()")) {
        result.next();
        id = result.getLong(1);
      }
      statement.execute(
          "SELECT * FROM %s WHERE %s = '%s' FOR UPDATE".formatted(table, keyField, key));
    }
  }

  /**
   * Waits until somebody waits for the row, or the call has ended. Servers make the list anew only
   * when it was not asked for during a tenth of a second.
   */
  void awaitOneWaits(Future<?> call) throws SQLException {
    long start = System.nanoTime();
    while (!call.isDone() && database.text(WAITING) == null) {
      assertThat(System.nanoTime() - start).as("somebody waits").isLessThan(PATIENCE_NANOS);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
  }

  /** Ends all other connections to the database but the one that waits. */
  void killTheOthers() throws SQLException {
    try (Connection other = database.connect();
        Statement list = other.createStatement();
        Statement kill = other.createStatement()) {
      List<Long> ids = new ArrayList<>();
      try (ResultSet found =
          list.executeQuery(
              ("SELECT id FROM information_schema.processlist"
                      + " WHERE db = '%s' AND id <> %d AND id NOT IN (%s)")
                  .formatted(database.name, id, WAITING))) {
        while (found.next()) {
          ids.add(found.getLong(1));
        }
      }
      for (long each : ids) {
        try {
          kill.execute("KILL CONNECTION " + each);
        } catch (SQLException e) {
          assertThat(e.getErrorCode()).as(e.getMessage()).isEqualTo(NO_SUCH_CONNECTION);
        }
      }
    }
  }

  /** Lets the row go. */
  @Override
  public void close() throws SQLException {
    connection.rollback();
    connection.close();
  }
}
