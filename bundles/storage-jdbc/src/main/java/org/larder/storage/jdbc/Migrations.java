package org.larder.storage.jdbc;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.larder.storage.model.Row;
import org.larder.storage.spi.StorageException;

/**
 * Brings a store's own tables from one format to the next by numbered scripts, each in one
 * transaction, and notes each in {@code schema_version}. Where a database makes tables outside of
 * transactions, its scripts have to bear being run again. Immutable; for one thread at a time.
 */
public final class Migrations {
  private static final String TABLE = "schema_version";

  private final List<String> scripts;
  private final Clock clock;

  /**
   * The migrations of a backend.
   *
   * @param scripts the first makes format 1 of an empty store, each next one the next format;
   *     statements end with a semicolon at the end of a line, lines that begin with {@code --} are
   *     comments
   */
  public Migrations(List<String> scripts, Clock clock) {
    this.scripts = List.copyOf(scripts);
    this.clock = clock;
  }

  /** The migrations in the resources {@code 0001.sql}, {@code 0002.sql}, … beside a class. */
  public static Migrations beside(Class<?> owner, Clock clock) {
    List<String> scripts = new ArrayList<>();
    while (true) {
      String name = "%04d.sql".formatted(scripts.size() + 1);
      try (InputStream script = owner.getResourceAsStream(name)) {
        if (script == null) {
          return new Migrations(scripts, clock);
        }
        scripts.add(new String(script.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read the migration " + name, e);
      }
    }
  }

  /** The format that the code works with. */
  public int latest() {
    return scripts.size();
  }

  /**
   * The format of a store, 0 if it has none.
   *
   * @throws StorageException HALT with {@code STORE_NEWER} if it is beyond the code
   */
  public int current(Connection connection) throws SQLException {
    try (ResultSet tables =
        connection.getMetaData().getTables(connection.getCatalog(), null, TABLE, null)) {
      if (!tables.next()) {
        return 0;
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT MAX(version) FROM " + TABLE)) {
      int current = result.next() ? result.getInt(1) : 0;
      if (current > latest()) {
        throw new StorageException(
            HALT,
            "STORE_NEWER",
            "The store has format %d, this release knows up to %d. Run the newer release, or restore a backup that the older one made"
                .formatted(current, latest()));
      }
      return current;
    }
  }

  /**
   * Runs what is pending.
   *
   * @param connection without auto-commit
   * @throws StorageException HALT with {@code MIGRATION_FAILED} if a script fails; what it did in
   *     its transaction is undone
   */
  public void run(Connection connection) throws SQLException {
    for (int version = current(connection) + 1; version <= latest(); version++) {
      try {
        apply(connection, version);
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw new StorageException(
            HALT,
            "MIGRATION_FAILED",
            "Migration %d of the store failed: %s".formatted(version, e.getMessage()),
            e);
      }
    }
  }

  private void apply(Connection connection, int version) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (version == 1) {
        statement.execute(
            "CREATE TABLE IF NOT EXISTS "
                + TABLE
                + " (version INTEGER PRIMARY KEY, applied_at BIGINT NOT NULL)");
      }
      for (String sql : statements(scripts.get(version - 1))) {
        statement.execute(sql);
      }
    }
    try (PreparedStatement note =
        connection.prepareStatement("INSERT INTO " + TABLE + " VALUES (?, ?)")) {
      note.setInt(1, version);
      note.setLong(2, Row.micros(clock.instant()));
      note.executeUpdate();
    }
  }

  private static List<String> statements(String script) {
    List<String> statements = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    script
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("--"))
        .forEach(
            line -> {
              current.append(line).append('\n');
              if (line.stripTrailing().endsWith(";")) {
                statements.add(current.substring(0, current.lastIndexOf(";")));
                current.setLength(0);
              }
            });
    if (!current.isEmpty()) {
      throw new IllegalArgumentException("A migration ends without a semicolon: " + current);
    }
    return statements;
  }
}
