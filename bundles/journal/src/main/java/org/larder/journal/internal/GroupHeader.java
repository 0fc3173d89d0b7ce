package org.larder.journal.internal;

import java.nio.ByteBuffer;

/**
 * The 64 bytes before the frames that were forced together.
 *
 * @param epoch the opening that wrote it
 * @param firstSequence sequence of its first item
 * @param endSequence the sequence after its last item
 * @param settledEnd everything below was forced, or is on record as lost, when this was written
 * @param bytes of header and frames
 * @param frames how many
 */
public record GroupHeader(
    long epoch, long firstSequence, long endSequence, long settledEnd, int bytes, int frames) {

  void encode(ByteBuffer buffer, int index) {
    buffer.putInt(index, Layout.GROUP_MAGIC);
    buffer.putLong(index + 8, epoch);
    buffer.putLong(index + 16, firstSequence);
    buffer.putLong(index + 24, endSequence);
    buffer.putLong(index + 32, settledEnd);
    buffer.putInt(index + 40, bytes);
    buffer.putInt(index + 44, frames);
    buffer.putLong(index + 48, 0);
    buffer.putLong(index + 56, 0);
  }

  static GroupHeader decode(ByteBuffer buffer, int index) {
    return new GroupHeader(
        buffer.getLong(index + 8),
        buffer.getLong(index + 16),
        buffer.getLong(index + 24),
        buffer.getLong(index + 32),
        buffer.getInt(index + 40),
        buffer.getInt(index + 44));
  }
}
