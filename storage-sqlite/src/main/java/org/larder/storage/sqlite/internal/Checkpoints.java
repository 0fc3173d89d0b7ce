package org.larder.storage.sqlite.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.larder.storage.jdbc.Call;
import org.larder.storage.jdbc.JdbcWriter;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/**
 * Brings the log into the database file once it has grown, between two batches. SQLite could do so
 * by itself at the end of a commit, but it tells nobody when that fails: a force of the log that
 * failed there would be forgotten, and the next one, which the operating system may then grant for
 * nothing, be believed. Here it is remembered.
 *
 * <p>For the thread that holds the backend's lock.
 */
final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

  /** Asking for the length of the log costs a statement, which small batches feel. */
  private static final int ROWS_BETWEEN_LOOKS = 64;

  private final int pages;
  private final Durability.Force bringIn;
  private final Durability durability;
  private int rows;

  /**
   * Brings in a log of that many pages.
   *
   * @param durability is told of failures
   */
  Checkpoints(int pages, Durability.Force bringIn, Durability durability) {
    this.pages = pages;
    this.bringIn = bringIn;
    this.durability = durability;
  }

  /** A batch was committed, so that this never fails; at most the log grows on. */
  void written(int count, JdbcWriter writer, Connection connection, Call call) {
    rows += count;
    if (rows < ROWS_BETWEEN_LOOKS) {
      return;
    }
    try {
      if (length(connection, call) >= pages) {
        bringIn.run(connection, call);
      }
      rows = 0;
    } catch (StorageException e) {
      // The call has to end: the next batch looks again.
      LOG.debug("The log was not brought in: {}", e.getMessage());
    } catch (SQLException e) {
      writer.giveUp();
      if (!isInterrupt(e)) {
        durability.forceFailed(e);
        LOG.warn("The log cannot be brought into the database file: {}", e.getMessage());
      }
    }
  }

  private static boolean isInterrupt(SQLException failure) {
    return SQLiteErrorCode.getErrorCode(failure.getErrorCode()) == SQLiteErrorCode.SQLITE_INTERRUPT;
  }

  private static int length(Connection connection, Call call) throws SQLException {
    return checkpoint(connection, "NOOP", call);
  }

  /** Brings in what no reader still needs in the log. */
  static void passive(Connection connection, Call call) throws SQLException {
    checkpoint(connection, "PASSIVE", call);
  }

  private static int checkpoint(Connection connection, String mode, Call call) throws SQLException {
    // It is refused inside a transaction, and without auto-commit one is always open.
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement();
        ResultSet result =
            call.run(statement).executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
      return result.next() ? result.getInt("log") : 0;
    } finally {
      call.release();
      connection.setAutoCommit(false);
    }
  }
}
