package org.larder.journal;

import java.nio.ByteBuffer;

/**
 * A frame as it was read back.
 *
 * @param lane the lane it was appended to; 0 today
 * @param epoch the opening of the journal in which it was appended
 * @param sequence sequence of its first item; item {@code i} has {@code sequence + i}
 * @param count items in it
 * @param kind as given in {@link NewFrame}
 * @param atomic as given in {@link NewFrame}
 * @param schemaVersion as given in {@link NewFrame}
 * @param payload the bytes: read-only, on the heap, of this frame alone, valid for good
 */
public record Frame(
    int lane,
    long epoch,
    long sequence,
    int count,
    byte kind,
    boolean atomic,
    int schemaVersion,
    ByteBuffer payload) {

  /** The sequence after its last item. */
  public long endSequence() {
    return sequence + count;
  }
}
