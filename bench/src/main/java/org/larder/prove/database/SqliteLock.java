package org.larder.prove.database;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Another process, this one, holds the database's lock for writing; for one thread. */
final class SqliteLock implements Outage {
  private static final int BUSY_TIMEOUT_MS = 30_000;

  private final Path file;
  private Optional<Connection> connection = Optional.empty();

  SqliteLock(Path file) {
    this.file = file;
  }

  @Override
  public void begin() throws IOException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_TIMEOUT_MS);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    try {
      Connection locking = source.getConnection();
      try (Statement statement = locking.createStatement()) {
        statement.execute("BEGIN EXCLUSIVE");
      } catch (SQLException e) {
        close(locking, e);
        throw e;
      }
      connection = Optional.of(locking);
    } catch (SQLException e) {
      throw new IOException("cannot lock " + file, e);
    }
  }

  private static void close(Connection locking, SQLException reason) {
    try {
      locking.close();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  @Override
  public void end() throws IOException {
    if (connection.isPresent()) {
      Connection locking = connection.get();
      connection = Optional.empty();
      try (locking;
          Statement statement = locking.createStatement()) {
        statement.execute("ROLLBACK");
      } catch (SQLException e) {
        throw new IOException("cannot unlock " + file, e);
      }
    }
  }
}
