package org.larder.bench.raw;

import com.mysql.cj.jdbc.MysqlDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.larder.bench.load.KeySequence;

/**
 * MariaDB alone: the same rows into a copy of the node's own table by plain JDBC batches of 1,000 a
 * transaction, in the order in which they come, the driver making one statement of each batch. For
 * one thread; each connection has a thread of its own.
 */
public final class RawMysql {
  static final int BATCH_ROWS = 1_000;
  static final String TABLE = "translation_tasks";

  private static final long BUFFER_POOL_BYTES = 2L << 30;
  private static final long REDO_LOG_BYTES = 1L << 30;

  private final MysqlDataSource source = new MysqlDataSource();
  private final String original;

  /**
   * In a server, by an account that may do everything without a password.
   *
   * @param url of the database in which the node made its table
   * @param original that database's name
   */
  public RawMysql(String url, String original, String user) {
    source.setUrl(url + "?rewriteBatchedStatements=true");
    source.setUser(user);
    this.original = original;
  }

  /**
   * Gives the server a buffer pool and a redo log that hold what is measured, as a server for so
   * much data has; as it starts it has 128 and 64 MB, and would mostly wait for its pages' writes.
   */
  public void giveRoom() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL innodb_buffer_pool_size = " + BUFFER_POOL_BYTES);
      statement.execute("SET GLOBAL innodb_log_file_size = " + REDO_LOG_BYTES);
    }
  }

  /** How many rows the node's own table has. */
  public long rows() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM " + TABLE)) {
      count.next();
      return count.getLong(1);
    }
  }

  /**
   * Rows per second into a new database.
   *
   * @param warmUpRows inserted first and not measured
   * @param rows a multiple of 1,000 for each connection is taken
   */
  public double perSecond(int connections, KeySequence keys, long warmUpRows, long rows)
      throws IOException, SQLException {
    List<String> columns = copyTable();
    insert(columns, keys, 0, warmUpRows);
    long share = Math.max(BATCH_ROWS, rows / connections / BATCH_ROWS * BATCH_ROWS);
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      long begin = System.nanoTime();
      List<Future<?>> parts = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        long from = warmUpRows + i * share;
        parts.add(
            threads.submit(
                () -> {
                  insert(columns, keys, from, share);
                  return null;
                }));
      }
      for (Future<?> part : parts) {
        part.get();
      }
      Duration taken = Duration.ofNanos(System.nanoTime() - begin);
      return connections * share * 1e9 / taken.toNanos();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while rows were inserted", e);
    } catch (ExecutionException e) {
      throw new IOException("plain JDBC failed: " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  Connection connect() throws SQLException {
    return source.getConnection();
  }

  /** Makes the table anew in a database of its own; returns its columns. */
  List<String> copyTable() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE IF NOT EXISTS raw");
      statement.execute("DROP TABLE IF EXISTS raw." + TABLE);
      statement.execute("CREATE TABLE raw." + TABLE + " LIKE " + original + "." + TABLE);
      List<String> columns = new ArrayList<>();
      try (ResultSet found = connection.getMetaData().getColumns(original, null, TABLE, null)) {
        while (found.next()) {
          columns.add(found.getString("COLUMN_NAME"));
        }
      }
      return columns;
    }
  }

  static String insert(List<String> columns) {
    return "INSERT INTO raw.%s (`%s`) VALUES (?%s)"
        .formatted(TABLE, String.join("`, `", columns), ", ?".repeat(columns.size() - 1));
  }

  private void insert(List<String> columns, KeySequence keys, long from, long rows)
      throws SQLException {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      try (PreparedStatement statement = connection.prepareStatement(insert(columns))) {
        RowBinding binding = new RowBinding(statement, columns, keys);
        for (long number = from; number < from + rows; number++) {
          binding.bind(number);
          statement.addBatch();
          if ((number + 1) % BATCH_ROWS == 0 || number + 1 == from + rows) {
            statement.executeBatch();
            connection.commit();
          }
        }
      }
    }
  }
}
