package org.larder.journal;

import java.util.Objects;

/**
 * A frame to be appended: one atomic unit of {@code count} items, with bytes that mean nothing to
 * the journal.
 *
 * <p>The payload is not copied: the journal reads it until the append is synced or failed, and only
 * then may the caller change or reuse the array.
 *
 * @param kind what the bytes are, for the one who reads them
 * @param atomic whether the items must be applied together; carried, not interpreted
 * @param count the items in it, at least 1; each takes one sequence
 * @param schemaVersion version of the schema the payload was encoded with; carried, not interpreted
 * @param payload holds the bytes
 * @param offset first byte of the payload in the array
 * @param length bytes of the payload, 0 allowed
 */
@SuppressWarnings(
    "ArrayRecordComponent") // the bytes are lent, not owned: a copy is what this avoids
public record NewFrame(
    byte kind,
    boolean atomic,
    int count,
    int schemaVersion,
    byte[] payload,
    int offset,
    int length) {

  /** Checks the bounds. */
  public NewFrame {
    Objects.requireNonNull(payload, "payload");
    Objects.checkFromIndexSize(offset, length, payload.length);
    if (count < 1) {
      throw new IllegalArgumentException("a frame holds at least one item, not " + count);
    }
  }

  /** A frame of the whole array. */
  public static NewFrame of(
      byte kind, boolean atomic, int count, int schemaVersion, byte[] payload) {
    return new NewFrame(kind, atomic, count, schemaVersion, payload, 0, payload.length);
  }
}
