package org.larder.bench.section;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.larder.bench.node.Node;
import org.larder.bench.raw.TableCopy;

/** Counts the rows of a node's database by plain SQL and compares the node's statistics with it. */
final class Recount {
  private Recount() {}

  /** How many figures of the statistics are not what a recount says. */
  static long differences(Node node, String path) throws IOException, SQLException {
    JsonNode stats = node.get(path).expecting(200).json();
    try (Connection connection = TableCopy.openToRead(node.database());
        Statement statement = connection.createStatement()) {
      return differences(stats.path("sessions"), count(statement, "translation_sessions"))
          + differences(stats.path("tasks"), count(statement, "translation_tasks"));
    }
  }

  /** Compares one part: its total, and the number with each status. */
  static long differences(JsonNode shown, Map<String, Long> counted) {
    long total = counted.values().stream().mapToLong(Long::longValue).sum();
    long differences = shown.path("total").asLong(-1) == total ? 0 : 1;
    for (Map.Entry<String, Long> status : counted.entrySet()) {
      JsonNode nested = shown.path("by_status").path(status.getKey());
      JsonNode figure = nested.isMissingNode() ? shown.path(status.getKey()) : nested;
      if (figure.asLong(-1) != status.getValue()) {
        differences++;
      }
    }
    return differences;
  }

  private static Map<String, Long> count(Statement statement, String table) throws SQLException {
    Map<String, Long> counts = new LinkedHashMap<>();
    try (ResultSet rows =
        statement.executeQuery("SELECT status, count(*) FROM " + table + " GROUP BY status")) {
      while (rows.next()) {
        counts.put(rows.getString(1), rows.getLong(2));
      }
    }
    return counts;
  }
}
