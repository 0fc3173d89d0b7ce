package org.larder.storage.mysql.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/**
 * What a commit on a server is worth.
 *
 * @param flushAtCommit {@code innodb_flush_log_at_trx_commit}
 * @param binaryLog whether there is a binary log, which then decides what was committed
 * @param syncBinaryLog {@code sync_binlog}
 */
record Durability(int flushAtCommit, boolean binaryLog, int syncBinaryLog) {
  private static final String QUESTION =
      "SELECT @@global.innodb_flush_log_at_trx_commit, @@global.log_bin, @@global.sync_binlog";

  /** Asks the server; the settings may change while it runs. */
  static Durability of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(QUESTION)) {
      result.next();
      return new Durability(result.getInt(1), result.getBoolean(2), result.getInt(3));
    }
  }

  /** True if a loss of power cannot undo what was committed. */
  boolean isGiven() {
    return isLogForced() && (!binaryLog || syncBinaryLog == 1);
  }

  /** True if the engine forces its log at least when it is asked to. */
  boolean isLogForced() {
    return flushAtCommit == 1 || flushAtCommit == 3;
  }

  /** What is wrong, for a person. */
  String weakness() {
    String setting =
        isLogForced()
            ? "sync_binlog is %d".formatted(syncBinaryLog)
            : "innodb_flush_log_at_trx_commit is %d".formatted(flushAtCommit);
    return String.format(
        Locale.ROOT,
        "The server does not force its commits to the disk (%s, not 1); so the journal keeps what a loss of power may take",
        setting);
  }
}
