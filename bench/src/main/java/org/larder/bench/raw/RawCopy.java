package org.larder.bench.raw;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * The two databases alone: one thread that scans a node's table in SQLite and inserts its rows, as
 * they come, into a copy of the table that a node made in MariaDB, by plain JDBC batches of 1,000 a
 * transaction, the driver making one statement of each.
 */
public final class RawCopy {
  private RawCopy() {}

  /**
   * What was copied.
   *
   * @param rows all that there were
   * @param taken for them
   */
  public record Result(long rows, Duration taken) {
    /** Rows per second. */
    public double perSecond() {
      return rows * 1e9 / taken.toNanos();
    }
  }

  /** Copies all tasks. */
  public static Result run(Path database, RawMysql target) throws SQLException {
    List<String> columns = target.copyTable();
    String scan = "SELECT \"" + String.join("\", \"", columns) + "\" FROM " + RawMysql.TABLE;
    long begin = System.nanoTime();
    try (Connection from = TableCopy.openToRead(database);
        Statement reading = from.createStatement();
        ResultSet row = reading.executeQuery(scan);
        Connection to = target.connect()) {
      to.setAutoCommit(false);
      long rows = 0;
      try (PreparedStatement insert = to.prepareStatement(RawMysql.insert(columns))) {
        while (row.next()) {
          for (int column = 1; column <= columns.size(); column++) {
            insert.setObject(column, row.getObject(column));
          }
          insert.addBatch();
          rows++;
          if (rows % RawMysql.BATCH_ROWS == 0) {
            insert.executeBatch();
            to.commit();
          }
        }
        insert.executeBatch();
        to.commit();
      }
      return new Result(rows, Duration.ofNanos(System.nanoTime() - begin));
    }
  }
}
