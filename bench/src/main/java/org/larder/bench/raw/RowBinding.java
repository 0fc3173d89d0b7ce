package org.larder.bench.raw;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.larder.bench.load.Item;
import org.larder.bench.load.KeySequence;
import org.larder.bench.load.Template;

/** Binds items to the columns of the node's own table; for one thread. */
final class RowBinding {
  private final PreparedStatement statement;
  private final List<String> columns;
  private final KeySequence keys;
  private long session = -1;
  private String sessionId;

  RowBinding(PreparedStatement statement, List<String> columns, KeySequence keys) {
    this.statement = statement;
    this.columns = columns;
    this.keys = keys;
  }

  void bind(long number) throws SQLException {
    Item item = new Item(number, keys);
    for (int i = 0; i < columns.size(); i++) {
      bind(i + 1, columns.get(i), item);
    }
  }

  private void bind(int place, String column, Item item) throws SQLException {
    Template template = item.template();
    switch (column) {
      case "task_id" -> statement.setString(place, item.taskId());
      case "session_id" -> statement.setString(place, sessionId(item));
      case "batch_id" -> statement.setString(place, item.batchId());
      case "sheet_name" -> statement.setString(place, template.sheetName());
      case "row_index" -> statement.setInt(place, item.rowIndex());
      case "column_name" -> statement.setString(place, template.columnName());
      case "source_text" -> statement.setString(place, template.sourceText());
      case "target_text" -> statement.setString(place, template.targetText());
      case "context", "error_message" -> statement.setNull(place, Types.VARCHAR);
      case "status" -> statement.setString(place, template.status());
      // Decimals are kept without their point, instants in microseconds.
      case "confidence" ->
          statement.setLong(place, template.confidence().unscaledValue().longValueExact());
      case "retry_count" -> statement.setInt(place, template.retryCount());
      case "start_time" -> statement.setLong(place, micros(template.startTime()));
      case "end_time" -> statement.setLong(place, micros(template.endTime()));
      case "duration_ms" -> statement.setInt(place, template.durationMs());
      case "created_at", "updated_at" -> statement.setLong(place, micros(Instant.now()));
      case "_version" -> statement.setLong(place, item.number());
      default -> throw new SQLException("no value is known for the column " + column);
    }
  }

  private String sessionId(Item item) {
    if (session != item.number() / Item.SESSION_TASKS) {
      session = item.number() / Item.SESSION_TASKS;
      sessionId = item.sessionId();
    }
    return sessionId;
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
