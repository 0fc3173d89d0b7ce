package org.larder.bench.section;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import org.larder.bench.load.Item;
import org.larder.bench.load.Template;

/** Compares a task as the node shows it with the item that was sent. */
final class ItemCheck {
  private ItemCheck() {}

  /** Whether every field that was sent is there, and none that was not sent has a value. */
  static boolean matches(JsonNode task, Item item) {
    Template template = item.template();
    return text(task, "task_id", item.taskId())
        && text(task, "session_id", item.sessionId())
        && text(task, "batch_id", item.batchId())
        && text(task, "sheet_name", template.sheetName())
        && task.path("row_index").asInt(-1) == item.rowIndex()
        && text(task, "column_name", template.columnName())
        && text(task, "source_text", template.sourceText())
        && text(task, "target_text", template.targetText())
        && text(task, "context", null)
        && text(task, "error_message", null)
        && text(task, "status", template.status())
        && task.path("confidence").isNumber()
        && new BigDecimal(task.path("confidence").asText()).compareTo(template.confidence()) == 0
        && task.path("retry_count").asInt(-1) == template.retryCount()
        && time(task, "start_time", template.startTime())
        && time(task, "end_time", template.endTime())
        && task.path("duration_ms").asInt(-1) == template.durationMs();
  }

  private static boolean text(JsonNode task, String field, String expected) {
    JsonNode value = task.path(field);
    return expected == null ? !value.isTextual() : expected.equals(value.textValue());
  }

  private static boolean time(JsonNode task, String field, Instant expected) {
    try {
      return Instant.parse(task.path(field).asText()).equals(expected);
    } catch (DateTimeException e) {
      return false; // Not a time at all, so not the one that was sent.
    }
  }
}
