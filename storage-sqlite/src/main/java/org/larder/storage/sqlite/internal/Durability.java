package org.larder.storage.sqlite.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Makes a database durable up to now. In WAL mode with {@code synchronous=NORMAL} a commit goes to
 * the log without being forced. A checkpoint forces the log only when it has pages to bring in, and
 * a reader that is in the middle of something can keep it from having any; so its answer proves
 * nothing, unless all pages came in. One commit under {@code synchronous=FULL} proves it whatever
 * readers do: it forces the log, and with it every commit that stands there before.
 */
final class Durability {
  private Durability() {}

  /**
   * Forces the log.
   *
   * @param connection the writer's, without auto-commit and outside a transaction
   */
  static void force(Connection connection) throws SQLException {
    // The level cannot be changed inside a transaction, and without auto-commit one is always open.
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = FULL");
      // A commit that changes nothing forces nothing, nor does one that writes what was there.
      if (statement.executeUpdate("UPDATE _store SET forced = forced + 1") != 1) {
        throw new SQLException("The store has lost its identity");
      }
    } finally {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA synchronous = NORMAL");
      }
      connection.setAutoCommit(false);
    }
  }
}
