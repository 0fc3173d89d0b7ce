package org.larder.prove.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.larder.bench.load.KeySequence;

/**
 * What a task holds once all of its versions from {@code base} to {@code version} were written.
 * Everything follows from the number and the versions, so nothing has to be remembered to know what
 * must be read back.
 *
 * @param keys makes the key
 * @param number of the task, 0 or more
 * @param base the version with which it came into being
 * @param version the newest
 */
public record TaskState(KeySequence keys, long number, int base, int version) {
  /** Tasks of a session. */
  public static final int SESSION_TASKS = 500;

  private static final List<String> ALWAYS =
      List.of(
          "task_id",
          "session_id",
          "batch_id",
          "sheet_name",
          "row_index",
          "column_name",
          "source_text",
          "status");
  private static final List<String> SOMETIMES =
      List.of(
          "target_text",
          "context",
          "error_message",
          "confidence",
          "retry_count",
          "start_time",
          "end_time",
          "duration_ms");
  private static final List<String> STATUSES =
      List.of("pending", "processing", "completed", "failed");
  private static final List<String> TEXTS =
      List.of(
          "plain text",
          "\u65e5\u672c\u8a9e \ud83d\udd25 \u0440\u0443\u0441\u0441\u043a\u0438\u0439",
          "\"quoted\", back\\slash,\n\ttab and 'single' -- ; %_",
          "\u202e\u0627\u062d\u0645\u0648\u0627 e\u0301 \u00e9 \u00df \ufb01");
  private static final String LONG_TEXT = "0123456789abcde\u00e9".repeat(200);
  private static final Instant FIRST_START = Instant.parse("2026-01-01T00:00:00Z");

  /** The id of the session of the tasks from {@code session × SESSION_TASKS} on. */
  public static String sessionId(long session) {
    return "prove-" + session;
  }

  /** The item that brings the newest version: all required fields and some of the others. */
  public ObjectNode item() {
    return item(version);
  }

  /** The fields that differ, each with what must be and what is; empty if the task is right. */
  public List<String> differences(JsonNode found) {
    ObjectNode expected = JsonNodeFactory.instance.objectNode().put("retry_count", 0);
    for (int each = base; each <= version; each++) {
      expected.setAll(item(each));
    }
    List<String> differences = new ArrayList<>();
    for (List<String> names : List.of(ALWAYS, SOMETIMES)) {
      for (String name : names) {
        if (!same(name, expected.path(name), found.path(name))) {
          differences.add(name + ": " + expected.path(name) + " became " + found.path(name));
        }
      }
    }
    return differences;
  }

  private static boolean same(String name, JsonNode expected, JsonNode found) {
    if (!expected.isValueNode() || expected.isNull()) {
      return found.isMissingNode() || found.isNull();
    }
    if (expected.isNumber()) {
      return found.isNumber() && decimal(expected).compareTo(decimal(found)) == 0;
    }
    if (!found.isTextual()) {
      return false;
    }
    if (!name.endsWith("_time")) {
      return expected.textValue().equals(found.textValue());
    }
    try {
      return Instant.parse(expected.textValue()).equals(Instant.parse(found.textValue()));
    } catch (DateTimeException e) {
      return false; // Not a time at all, so not the one that was sent.
    }
  }

  private static BigDecimal decimal(JsonNode number) {
    return new BigDecimal(number.asText());
  }

  private ObjectNode item(int at) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("task_id", keys.key(number));
    item.put("session_id", sessionId(number / SESSION_TASKS));
    item.put("batch_id", "batch-" + at);
    item.put("sheet_name", "sheet " + number % 7 + " of version " + at);
    item.put("row_index", number % SESSION_TASKS);
    item.put("column_name", "column-" + Long.toHexString(hash(at, -1)));
    item.put("source_text", text(hash(at, -2)));
    item.put("status", pick(STATUSES, hash(at, -3)));
    for (int field = 0; field < SOMETIMES.size(); field++) {
      long hash = hash(at, field);
      if ((hash & 3) != 0) {
        put(item, SOMETIMES.get(field), hash >>> 2);
      }
    }
    return item;
  }

  private static void put(ObjectNode item, String name, long hash) {
    switch (name) {
      case "confidence" -> item.put(name, BigDecimal.valueOf(hash % 10_001, 4));
      case "retry_count" -> item.put(name, hash % 100);
      case "start_time", "end_time" ->
          item.put(name, FIRST_START.plusNanos(hash % 10_000_000_000_000L * 1_000).toString());
      case "duration_ms" -> item.put(name, hash % (1L << 52));
      default -> {
        if (hash % 8 == 0) {
          item.putNull(name);
        } else {
          item.put(name, text(hash));
        }
      }
    }
  }

  private static String text(long hash) {
    String text = pick(TEXTS, hash >>> 8) + " " + Long.toHexString(hash);
    return (hash >>> 16) % 64 == 0 ? text + LONG_TEXT : text;
  }

  private static String pick(List<String> list, long hash) {
    return list.get((int) Long.remainderUnsigned(hash, list.size()));
  }

  private long hash(int at, int field) {
    return KeySequence.mix(KeySequence.mix(number * 64 + field + 8) + at);
  }
}
