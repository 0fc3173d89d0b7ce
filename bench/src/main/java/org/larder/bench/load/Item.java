package org.larder.bench.load;

import java.nio.charset.StandardCharsets;

/**
 * A numbered translation task: everything in it follows from its number and the keys.
 *
 * @param number 0 or more
 * @param keys makes the task's key
 */
public record Item(long number, KeySequence keys) {
  /** Tasks of a session. */
  public static final int SESSION_TASKS = 1_000;

  /** Tasks of a translation batch. */
  public static final int BATCH_TASKS = 100;

  private static final int FIRST_ROW = 10_000;
  private static final long SESSION_SEED = 0x5e551017L;
  private static final long BATCH_SEED = 0xba7c4L;

  /** The key of the task. */
  public String taskId() {
    return keys.key(number);
  }

  /** The session: 34 characters, without order. */
  public String sessionId() {
    return sessionId(number / SESSION_TASKS);
  }

  /** The id of the session with that number. */
  public static String sessionId(long session) {
    return "s-" + KeySequence.random(SESSION_SEED).key(session);
  }

  /** The translation batch: 18 characters, without order. */
  public String batchId() {
    byte[] hex = new byte[16];
    KeySequence.hex(KeySequence.mix(BATCH_SEED + number / BATCH_TASKS), hex, 0);
    return "b-" + new String(hex, StandardCharsets.US_ASCII);
  }

  /** The row within the session, always of five digits. */
  public int rowIndex() {
    return FIRST_ROW + (int) (number % SESSION_TASKS);
  }

  /** The fields that are the same every hundredth item. */
  public Template template() {
    return Template.of(number);
  }
}
