package org.larder.storage.sqlite.internal;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.larder.storage.jdbc.Call;
import org.larder.storage.spi.StorageException;

/**
 * Makes a database durable up to now. In WAL mode with {@code synchronous=NORMAL} a commit goes to
 * the log without being forced. A checkpoint forces the log only when it has pages to bring in, and
 * a reader that is in the middle of something can keep it from having any; so its answer proves
 * nothing, unless all pages came in. One commit under {@code synchronous=FULL} proves it whatever
 * readers do: it forces the log, and with it every commit that stands there before.
 *
 * <p>Unless a force failed before: then the operating system may take for written what it could not
 * write, and forcing the same log again proves nothing. What stands there is first brought into the
 * database file, all of it, which is forced, and the log begins anew.
 *
 * <p>For the thread that holds the backend's lock.
 */
final class Durability {
  /** Forces the log of a connection without auto-commit and outside a transaction. */
  @FunctionalInterface
  interface Force {
    /** Returns when the log is forced; when it throws, the connection is of no use any more. */
    void run(Connection connection, Call call) throws SQLException;
  }

  private final Force force;
  private boolean doubtful;

  Durability(Force force) {
    this.force = force;
  }

  /**
   * Makes durable what is committed. When it throws, the connection has to be made anew.
   *
   * @param connection the writer's, without auto-commit and outside a transaction
   */
  void force(Connection connection, Call call) throws SQLException {
    if (doubtful) {
      bringInLog(connection, call);
    }
    doubtful = true;
    force.run(connection, call);
    doubtful = false;
  }

  private static void bringInLog(Connection connection, Call call) throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement();
        ResultSet result = call.run(statement).executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
      if (!result.next() || result.getInt("busy") != 0) {
        throw new StorageException(
            RETRY,
            "STORE_UNAVAILABLE",
            "A sync failed, and a reader keeps the log from being brought in since");
      }
    } finally {
      call.release();
      connection.setAutoCommit(false);
    }
  }

  /** Commits one change that is forced. */
  static void commitForced(Connection connection, Call call) throws SQLException {
    // The level cannot be changed inside a transaction, and without auto-commit one is always open.
    connection.setAutoCommit(true);
    try {
      commitUnderFull(connection, call);
    } finally {
      // In auto-commit the next batch would commit its position before its rows.
      connection.setAutoCommit(false);
    }
  }

  private static void commitUnderFull(Connection connection, Call call) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = FULL");
      // A commit that changes nothing forces nothing, nor does one that writes what was there.
      if (call.run(statement).executeUpdate("UPDATE _store SET forced = forced + 1") != 1) {
        throw new SQLException("The store has lost its identity");
      }
    } finally {
      call.release();
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA synchronous = NORMAL");
      }
    }
  }
}
