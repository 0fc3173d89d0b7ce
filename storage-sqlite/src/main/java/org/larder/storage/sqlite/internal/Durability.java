package org.larder.storage.sqlite.internal;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.larder.storage.jdbc.Call;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/**
 * Makes a database durable up to now. In WAL mode with {@code synchronous=NORMAL} a commit goes to
 * the log without being forced. A checkpoint forces the log only when it has pages to bring in, and
 * a reader that is in the middle of something can keep it from having any; so its answer proves
 * nothing, unless all pages came in. One commit under {@code synchronous=FULL} proves it whatever
 * readers do: it forces the log, and with it every commit that stands there before.
 *
 * <p>Unless a force failed before: then the operating system may take for written what it could not
 * write, and forcing the same log again proves nothing. What stands there is first brought into the
 * database file, all of it, which is forced, and the log begins anew. That a force has failed is
 * noted beside the database ({@link FailedSync}), for the instances and processes that come after.
 * The same is tried once with a log that was there when the database was opened, without insisting:
 * the process that wrote it may have ended before it could note anything.
 *
 * <p>One case is left: a checkpoint that a reader cut short counts its pages as brought in before
 * the database file was forced. If the next one completes the work and its force fails, those pages
 * are not written again.
 *
 * <p>For the thread that holds the backend's lock.
 */
final class Durability {
  private static final Logger LOG = LoggerFactory.getLogger(Durability.class);

  /** An error code has its kind in the lower byte. */
  private static final int PRIMARY_CODE = 0xFF;

  /** Forces by a connection without auto-commit and outside a transaction. */
  @FunctionalInterface
  interface Force {
    /** Returns when it is forced; when it throws, the connection is of no use any more. */
    void run(Connection connection, Call call) throws SQLException;
  }

  /** What a force of the log proves. */
  private enum Trust {
    /** Nothing was forced yet by this instance. */
    INHERITED,
    /** No force has failed since the log began. */
    SURE,
    /** A force has failed. */
    LOST
  }

  private final Force commit;
  private final FailedSync note;
  private Trust trust = Trust.INHERITED;

  Durability(Force commit, FailedSync note) {
    this.commit = commit;
    this.note = note;
  }

  /**
   * Makes durable what is committed. When it throws, the connection has to be made anew.
   *
   * @param connection the writer's, without auto-commit and outside a transaction
   */
  void force(Connection connection, Call call) throws SQLException {
    try {
      tryToForce(connection, call);
    } catch (SQLException e) {
      forceFailed(e);
      throw e;
    }
  }

  private void tryToForce(Connection connection, Call call) throws SQLException {
    if (trust != Trust.SURE) {
      boolean inherited = trust == Trust.INHERITED && !note.isNoted();
      trust = Trust.LOST;
      if (!bringInLog(connection, call)) {
        allow(inherited);
      }
    }
    trust = Trust.LOST;
    commit.run(connection, call);
    trust = Trust.SURE;
  }

  /** Says that a force has failed, here or elsewhere. */
  void forceFailed(SQLException failure) {
    trust = Trust.LOST;
    if (SQLiteErrorCode.getErrorCode(failure.getErrorCode() & PRIMARY_CODE)
        == SQLiteErrorCode.SQLITE_IOERR) {
      note.failed();
    }
  }

  private static void allow(boolean inherited) {
    if (!inherited) {
      throw new StorageException(
          RETRY,
          "STORE_UNAVAILABLE",
          "A sync failed, and a reader keeps the log from being brought in since");
    }
    LOG.info("A reader kept the log of the last run from being brought in; it is gone on with");
  }

  /** Brings all of the log into the database file, unless somebody still reads from it. */
  private static boolean bringInLog(Connection connection, Call call) throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement();
        ResultSet result = call.run(statement).executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
      return result.next() && result.getInt("busy") == 0;
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
