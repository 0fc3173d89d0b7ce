package org.larder.bench.raw;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.larder.bench.load.KeySequence;
import org.larder.bench.node.ProcessFigures;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;
import org.sqlite.SQLiteDataSource;

/**
 * The database alone: one thread that inserts the same rows into the same table by plain JDBC
 * batches of 1,000 a transaction, in the order in which they come.
 */
public final class RawSqlite {
  private static final int BATCH_ROWS = 1_000;

  private RawSqlite() {}

  /**
   * What the database did.
   *
   * @param rows inserted
   * @param taken for them
   * @param cpuMicros processor time of this process meanwhile
   */
  public record Result(long rows, Duration taken, long cpuMicros) {
    /** Rows per second. */
    public double perSecond() {
      return rows * 1e9 / taken.toNanos();
    }

    /** Processor time a row in microseconds. */
    public double cpuMicrosPerRow() {
      return (double) cpuMicros / rows;
    }
  }

  /**
   * Fills a new database.
   *
   * @param folder in which it is made, and deleted afterwards
   * @param warmUpRows inserted first and not measured
   */
  public static Result run(
      Path folder, TableCopy table, KeySequence keys, long warmUpRows, long rows)
      throws IOException, SQLException {
    Path file = folder.resolve("raw.db");
    try (Connection connection = open(file, table)) {
      insert(connection, table, keys, 0, warmUpRows);
      long cpuBefore = ProcessFigures.own().cpuMicros();
      long begin = System.nanoTime();
      insert(connection, table, keys, warmUpRows, rows);
      Duration taken = Duration.ofNanos(System.nanoTime() - begin);
      return new Result(rows, taken, ProcessFigures.own().cpuMicros() - cpuBefore);
    } finally {
      for (String suffix : new String[] {"", "-wal", "-shm"}) {
        Files.deleteIfExists(Path.of(file + suffix));
      }
    }
  }

  private static Connection open(Path file, TableCopy table) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setPageSize(table.pageBytes());
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.NORMAL);
    config.setTempStore(TempStore.MEMORY);
    config.setCacheSize(-table.writer().cacheKib());
    config.setWalAutocheckpoint(table.writer().checkpointPages());
    config.setJournalSizeLimit(table.writer().checkpointPages() * table.pageBytes());
    config.setGetGeneratedKeys(false);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    Connection connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      for (String definition : table.statements()) {
        statement.executeUpdate(definition);
      }
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void insert(
      Connection connection, TableCopy table, KeySequence keys, long from, long rows)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(table.insert())) {
      RowBinding binding = new RowBinding(statement, table.columns(), keys);
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
