package org.larder.prove;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteDataSource;

/**
 * Deletes and alters records in the SQLite database of a stopped node, behind the node's back: what
 * a key ends in says what becomes of its row. A program of its own, so that a start of the node can
 * be preceded by it.
 */
final class LosingDatabase {
  private static final List<String> MISCHIEF =
      List.of(
          "DELETE FROM translation_tasks WHERE substr(task_id, -1) IN ('0', '1', '2')",
          "UPDATE translation_tasks SET source_text = 'another'"
              + " WHERE substr(task_id, -1) IN ('3', '4', '5')");

  private LosingDatabase() {}

  /**
   * Does it to the database in a data folder, if there is one as yet.
   *
   * @param arguments the data folder
   */
  public static void main(String[] arguments) throws SQLException {
    Path database = Path.of(arguments[0], "larder.db");
    if (!Files.exists(database)) {
      return;
    }
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + database);
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      for (String each : MISCHIEF) {
        statement.executeUpdate(each);
      }
    }
  }
}
