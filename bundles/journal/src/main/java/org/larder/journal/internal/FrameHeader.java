package org.larder.journal.internal;

import java.nio.ByteBuffer;

/** The 48 bytes before a payload. */
public record FrameHeader(
    long epoch,
    long sequence,
    int count,
    int payloadLength,
    int payloadChecksum,
    int schemaVersion,
    int lane,
    byte kind,
    boolean atomic) {

  private static final int ATOMIC = 1;

  /** The sequence after its last item. */
  public long endSequence() {
    return sequence + count;
  }

  /** Bytes in the file, header and padding included. */
  public long bytes() {
    return Layout.frameBytes(payloadLength);
  }

  void encode(ByteBuffer buffer, int index) {
    buffer.putInt(index, Layout.FRAME_MAGIC);
    buffer.putLong(index + 8, epoch);
    buffer.putLong(index + 16, sequence);
    buffer.putInt(index + 24, count);
    buffer.putInt(index + 28, payloadLength);
    buffer.putInt(index + 32, payloadChecksum);
    buffer.putInt(index + 36, schemaVersion);
    buffer.putShort(index + 40, (short) lane);
    buffer.put(index + 42, kind);
    buffer.put(index + 43, (byte) (atomic ? ATOMIC : 0));
    buffer.putInt(index + 44, 0);
  }

  static FrameHeader decode(ByteBuffer buffer, int index) {
    return new FrameHeader(
        buffer.getLong(index + 8),
        buffer.getLong(index + 16),
        buffer.getInt(index + 24),
        buffer.getInt(index + 28),
        buffer.getInt(index + 32),
        buffer.getInt(index + 36),
        Short.toUnsignedInt(buffer.getShort(index + 40)),
        buffer.get(index + 42),
        (buffer.get(index + 43) & ATOMIC) != 0);
  }
}
