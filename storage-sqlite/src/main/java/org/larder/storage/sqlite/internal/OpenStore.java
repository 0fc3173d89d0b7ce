package org.larder.storage.sqlite.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import org.larder.storage.jdbc.Calls;
import org.larder.storage.jdbc.Dialect;
import org.larder.storage.jdbc.JdbcReader;
import org.larder.storage.jdbc.JdbcWriter;
import org.larder.storage.jdbc.Migrations;
import org.larder.storage.spi.StorageException;

/**
 * A database that is open: its writer, its readers, the check that runs once in the background. The
 * writer is for whoever holds the backend's lock, all else for any thread.
 */
final class OpenStore implements AutoCloseable {
  /** What a database of ours says it is: {@code Lard}. */
  private static final int APPLICATION_ID = 0x4C617264;

  private final SqliteSettings settings;
  private final Dialect dialect;
  private final Migrations migrations;
  private final Object fileKey;
  private final HikariDataSource pool;
  private final JdbcReader reader;
  private final IntegrityCheck check;
  private Connection connection;
  private JdbcWriter writer;
  private Path keptCopy;
  private volatile boolean ready;

  private OpenStore(
      SqliteSettings settings,
      Dialect dialect,
      Migrations migrations,
      Calls calls,
      Connection connection)
      throws SQLException, IOException {
    this.settings = settings;
    this.dialect = dialect;
    this.migrations = migrations;
    fileKey = fileKey();
    use(connection);
    ready = writer.format() == migrations.latest();
    pool = new HikariDataSource(poolOf(settings));
    reader = new JdbcReader(dialect, pool, calls, settings.queryTimeout());
    boolean checked = false;
    try {
      check = IntegrityCheck.begin(settings);
      checked = true;
    } finally {
      if (!checked) {
        pool.close();
      }
    }
  }

  /**
   * Opens the database.
   *
   * @param create whether to begin a new one if there is none
   */
  static OpenStore open(
      SqliteSettings settings, Dialect dialect, Migrations migrations, Calls calls, boolean create)
      throws SQLException, IOException {
    Connection connection = Databases.writer(settings, create);
    boolean opened = false;
    try {
      requireOurs(connection);
      OpenStore store = new OpenStore(settings, dialect, migrations, calls, connection);
      opened = true;
      return store;
    } finally {
      if (!opened) {
        connection.close();
      }
    }
  }

  private static void requireOurs(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int tables = number(statement, "SELECT COUNT(*) FROM sqlite_master");
      if (tables > 0 && number(statement, "PRAGMA application_id") != APPLICATION_ID) {
        throw new StorageException(
            HALT,
            "DIFFERENT_STORE",
            "The file is a SQLite database of another program; it was left as it is");
      }
    }
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getInt(1) : 0;
    }
  }

  private void use(Connection fresh) throws SQLException {
    Databases.useLog(fresh);
    fresh.setAutoCommit(false);
    connection = fresh;
    writer = new JdbcWriter(dialect, migrations, fresh);
  }

  private static HikariConfig poolOf(SqliteSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("larder-" + settings.name());
    config.setDataSource(Databases.readers(settings));
    config.setReadOnly(true);
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(Math.min(settings.poolMinimum(), settings.poolSize()));
    config.setMaxLifetime(settings.poolRecycle().toMillis());
    config.setConnectionTimeout(5_000);
    // The file was opened just now; a reader that cannot be made shows in the call that needs it.
    config.setInitializationFailTimeout(-1);
    return config;
  }

  /** False while the store is new or of an older format: only an attach brings it on. */
  boolean isReady() {
    return ready;
  }

  void setReady() {
    ready = true;
  }

  /** The copy that was made of the store before its migration. */
  Optional<Path> keptCopy() {
    return Optional.ofNullable(keptCopy);
  }

  void setKeptCopy(Path copy) {
    keptCopy = copy;
  }

  JdbcReader reader() {
    return reader;
  }

  IntegrityCheck check() {
    return check;
  }

  /** The writer, made anew if a failure has spoilt it. */
  JdbcWriter writer() throws SQLException {
    if (writer.isBroken()) {
      connection.close();
      renew();
    }
    return writer;
  }

  private void renew() throws SQLException {
    Connection fresh = Databases.writer(settings, false);
    boolean used = false;
    try {
      use(fresh);
      used = true;
    } finally {
      if (!used) {
        fresh.close();
      }
    }
  }

  /** The writer's connection, for what is special to SQLite. */
  Connection connection() {
    return connection;
  }

  /**
   * Checks that the file which is open is still the one that the path names; what is written to
   * another one is lost when the node stops.
   */
  void requireSameFile() throws IOException {
    if (!Files.exists(settings.file()) || !Objects.equals(fileKey, fileKey())) {
      throw new StorageException(
          HALT,
          "DIFFERENT_STORE",
          "The database file was removed or replaced while it was in use. Stop the node, put the right file in place, and start it again");
    }
  }

  private Object fileKey() throws IOException {
    return Files.readAttributes(settings.file(), BasicFileAttributes.class).fileKey();
  }

  /** Ends the readers, then the writer, whose connection as the last one brings in the log. */
  @Override
  public void close() throws SQLException {
    check.close();
    pool.close();
    writer.close();
  }
}
