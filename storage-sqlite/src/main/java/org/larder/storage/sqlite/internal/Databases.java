package org.larder.storage.sqlite.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/**
 * Connections to a database file, and why they are set up as they are. Stateless and free for any
 * thread.
 */
final class Databases {
  /**
   * With pages of 8 KiB a batch touches fewer of them and a count reads fewer than with the usual
   * 4: a tenth to a sixth less CPU for both. 16 KiB gains a little more, but then a batch of one
   * row writes 16 KiB for each of its indexes.
   */
  private static final int PAGE_BYTES = 8192;

  private Databases() {}

  /** A source of connections that read. */
  static SQLiteDataSource readers(SqliteSettings settings) {
    SQLiteConfig config = common(settings);
    config.setCacheSize(-settings.readerCacheKib());
    // Readers never write, whatever statement they are given.
    config.setReadOnly(true);
    return source(settings, config);
  }

  /**
   * A connection that writes.
   *
   * @param create whether to make a file that is not there
   */
  static Connection writer(SqliteSettings settings, boolean create) throws SQLException {
    SQLiteConfig config = common(settings);
    if (create) {
      config.setOpenMode(SQLiteOpenMode.CREATE);
      config.setPageSize(PAGE_BYTES);
    }
    // Room for the inner pages of all indexes: with random keys every row touches each of them.
    config.setCacheSize(-settings.writerCacheKib());
    // The journal of the node makes commits durable; the database follows with each sync().
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    // Checkpoints are made between batches, where a failure is seen.
    config.setWalAutocheckpoint(0);
    // After a burst the log's file shrinks to the size at which it is brought in.
    config.setJournalSizeLimit(settings.checkpointPages() * PAGE_BYTES);
    if (settings.maxPages() > 0) {
      config.setMaxPageCount(settings.maxPages());
    }
    return source(settings, config).getConnection();
  }

  /**
   * Turns on the write-ahead log, which lets readers go on beside the writer. Asked of a file only
   * when it is known to be ours, since it changes the file.
   */
  static void useLog(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
      if (!mode.next() || !mode.getString(1).equalsIgnoreCase("wal")) {
        throw new SQLException("The file system does not allow a write-ahead log");
      }
    }
  }

  private static SQLiteConfig common(SqliteSettings settings) {
    SQLiteConfig config = new SQLiteConfig();
    // Without this mode a connection does not make a file: a store is never begun by accident.
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setBusyTimeout((int) settings.busyTimeout().toMillis());
    // Sorting stays in memory: pages are short, and /tmp may be on a slow card.
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setPragma(
        SQLiteConfig.Pragma.MMAP_SIZE, String.valueOf((long) settings.mmapMib() << 20));
    // Finding the keys that an insert made costs a query each time.
    config.setGetGeneratedKeys(false);
    return config;
  }

  private static SQLiteDataSource source(SqliteSettings settings, SQLiteConfig config) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + settings.file().toAbsolutePath());
    return source;
  }
}
