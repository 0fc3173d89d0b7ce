package org.larder.storage.mysql.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What a server is asked, noted by itself and word for word; for one test at a time. */
final class StatementLog implements AutoCloseable {
  private final Connection own;
  private int told;

  /**
   * Begins to note.
   *
   * @param own the test's connection, of which nothing is told; the caller closes it
   */
  StatementLog(Connection own) throws SQLException {
    this.own = own;
    execute("SET GLOBAL log_output = 'TABLE'", "SET GLOBAL general_log = 1");
  }

  private void execute(String... statements) throws SQLException {
    try (Statement statement = own.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The questions to one table, always the same, since this was last called. */
  List<String> questions(String table) throws SQLException {
    List<String> questions =
        found("argument LIKE 'SELECT %' AND LOCATE(?, argument) > 0", " FROM `" + table + "`");
    List<String> fresh = List.copyOf(questions.subList(told, questions.size()));
    told = questions.size();
    return fresh;
  }

  /** All that was asked so far and begins with these words. */
  List<String> beginningWith(String words) throws SQLException {
    return found("LOCATE(?, argument) = 1 ORDER BY event_time", words);
  }

  private List<String> found(String condition, String words) throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement statement =
        own.prepareStatement(
            """
            SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log
            WHERE command_type IN ('Query', 'Execute') AND thread_id <> CONNECTION_ID() AND\s"""
                + condition)) {
      statement.setString(1, words);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          found.add(result.getString(1));
        }
      }
    }
    return found;
  }

  @Override
  public void close() throws SQLException {
    execute("SET GLOBAL general_log = 0", "TRUNCATE TABLE mysql.general_log");
  }
}
