package org.larder.bench.raw;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The table of tasks as a node made it in its own database.
 *
 * @param statements that make it and its indexes
 * @param columns its columns in order
 * @param pageBytes the size of the database's pages
 * @param writer how the node's writer is set up
 */
public record TableCopy(
    List<String> statements, List<String> columns, int pageBytes, Writer writer) {
  private static final String TABLE = "translation_tasks";

  /**
   * The settings of a writer that decide over its speed.
   *
   * @param cacheKib pages that it keeps in memory
   * @param checkpointPages pages of the write-ahead log after which it is brought into the file
   */
  public record Writer(int cacheKib, int checkpointPages) {
    private static final int DEFAULT_CACHE_KIB = 16 << 10;
    private static final int DEFAULT_CHECKPOINT_PAGES = 4_000;

    /** What a node's configuration says, or else the backend's defaults. */
    public static Writer of(Path configuration) throws IOException {
      Properties keys = new Properties();
      Path file = configuration.resolve("larder.storage.sqlite-main.cfg");
      if (Files.exists(file)) {
        try (Reader reader = Files.newBufferedReader(file)) {
          keys.load(reader);
        }
      }
      return new Writer(
          number(keys, "writer_cache_kib", DEFAULT_CACHE_KIB),
          number(keys, "checkpoint_pages", DEFAULT_CHECKPOINT_PAGES));
    }

    private static int number(Properties keys, String key, int otherwise) {
      String value = keys.getProperty(key);
      return value == null ? otherwise : Integer.parseInt(value.strip());
    }
  }

  /** Reads it from the database of a node, which may be running. */
  public static TableCopy of(Path database, Writer writer) throws SQLException {
    try (Connection connection = openToRead(database);
        Statement statement = connection.createStatement()) {
      List<String> statements =
          strings(
              statement,
              "SELECT sql FROM sqlite_master WHERE tbl_name = '"
                  + TABLE
                  + "' AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY rowid");
      if (statements.isEmpty()) {
        throw new SQLException("the node has made no table " + TABLE + " in " + database);
      }
      return new TableCopy(
          statements,
          strings(statement, "SELECT name FROM pragma_table_info('" + TABLE + "') ORDER BY cid"),
          Integer.parseInt(strings(statement, "PRAGMA page_size").get(0)),
          writer);
    }
  }

  /** Opens a database so that nothing in it can be changed. */
  public static Connection openToRead(Path database) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(10_000);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + database);
    return source.getConnection();
  }

  /** The statement that inserts a row. */
  String insert() {
    return "INSERT INTO "
        + TABLE
        + " (\""
        + String.join("\", \"", columns)
        + "\") VALUES (?"
        + ", ?".repeat(columns.size() - 1)
        + ")";
  }

  private static List<String> strings(Statement statement, String query) throws SQLException {
    List<String> strings = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
    }
    return strings;
  }
}
