package org.larder.bench.load;

import java.nio.charset.StandardCharsets;

/** The JSON of items: a head of fixed length with all that identifies them, then a tail. */
final class ItemJson {
  private static final String KEY = "{\"task_id\":\"";
  private static final String SESSION = "\",\"session_id\":\"";
  private static final String BATCH = "\",\"batch_id\":\"";
  private static final String ROW = "\",\"row_index\":";

  private static final int KEY_AT = KEY.length();
  private static final int SESSION_AT = KEY_AT + KeySequence.LENGTH + SESSION.length();
  private static final int BATCH_AT = SESSION_AT + 34 + BATCH.length();
  private static final int ROW_AT = BATCH_AT + 18 + ROW.length();

  /** Bytes of a head. */
  static final int HEAD_LENGTH = ROW_AT + 5;

  private final KeySequence keys;
  private final byte[] head = new byte[HEAD_LENGTH];
  private long session = -1;
  private long batch = -1;

  /** For one thread. */
  ItemJson(KeySequence keys) {
    this.keys = keys;
    put(KEY, 0);
    put(SESSION, KEY_AT + KeySequence.LENGTH);
    put(BATCH, SESSION_AT + 34);
    put(ROW, BATCH_AT + 18);
  }

  /** The head of that item, valid until the next call. */
  byte[] head(long number) {
    Item item = new Item(number, keys);
    if (session != number / Item.SESSION_TASKS) {
      session = number / Item.SESSION_TASKS;
      put(item.sessionId(), SESSION_AT);
    }
    if (batch != number / Item.BATCH_TASKS) {
      batch = number / Item.BATCH_TASKS;
      put(item.batchId(), BATCH_AT);
    }
    keys.write(number, head, KEY_AT);
    int row = item.rowIndex();
    for (int i = 4; i >= 0; i--) {
      head[ROW_AT + i] = (byte) ('0' + row % 10);
      row /= 10;
    }
    return head;
  }

  /** The tail of every item with that number modulo {@link Template#COUNT}. */
  static byte[] tail(long number) {
    Template template = Template.of(number);
    StringBuilder json = new StringBuilder(400);
    text(json, "sheet_name", template.sheetName());
    text(json, "column_name", template.columnName());
    text(json, "source_text", template.sourceText());
    template.target().ifPresent(target -> text(json, "target_text", target));
    text(json, "status", template.status());
    json.append(",\"confidence\":").append(template.confidence());
    json.append(",\"retry_count\":").append(template.retryCount());
    text(json, "start_time", template.startTime().toString());
    text(json, "end_time", template.endTime().toString());
    json.append(",\"duration_ms\":").append(template.durationMs()).append('}');
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void text(StringBuilder json, String name, String value) {
    json.append(",\"").append(name).append("\":\"").append(value).append('"');
  }

  private void put(String text, int offset) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, head, offset, bytes.length);
  }
}
