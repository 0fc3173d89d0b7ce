package org.larder.journal.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first 4096 bytes of a segment, written with its first group.
 *
 * @param journal id of the journal
 * @param number of the segment; they rise
 * @param predecessor number of the segment before it; 0 when there is none
 * @param predecessorEnd sequence after the last valid one before this segment: what its predecessor
 *     holds at or above it is void
 * @param epoch the opening that wrote it
 * @param firstSequence the first that may be in it
 * @param lost sequences between the two that were assigned and never became durable
 */
public record SegmentHeader(
    UUID journal,
    long number,
    long predecessor,
    long predecessorEnd,
    long epoch,
    long firstSequence,
    List<SequenceRange> lost) {

  private static final int CHECKSUM_AT = 8;
  private static final int RANGES_AT = 80;
  private static final int RANGE_BYTES = 16;
  static final int MAX_RANGES = (Layout.SEGMENT_HEADER_BYTES - RANGES_AT) / RANGE_BYTES;

  void encode(ByteBuffer buffer) {
    for (int i = 0; i < Layout.SEGMENT_HEADER_BYTES; i += Long.BYTES) {
      buffer.putLong(i, 0);
    }
    buffer.putLong(0, Layout.SEGMENT_MAGIC);
    buffer.putInt(12, Layout.FORMAT);
    buffer.putLong(16, journal.getMostSignificantBits());
    buffer.putLong(24, journal.getLeastSignificantBits());
    buffer.putLong(32, number);
    buffer.putLong(40, predecessor);
    buffer.putLong(48, predecessorEnd);
    buffer.putLong(56, epoch);
    buffer.putLong(64, firstSequence);
    buffer.putInt(72, lost.size());
    int at = RANGES_AT;
    for (SequenceRange range : lost) {
      buffer.putLong(at, range.from());
      buffer.putLong(at + 8, range.to());
      at += RANGE_BYTES;
    }
    buffer.putInt(CHECKSUM_AT, checksum(buffer));
  }

  /**
   * The header at the start of a buffer; empty when it is none, or damaged.
   *
   * @throws IOException when it is whole and of another format, which must not be taken for damage
   */
  static Optional<SegmentHeader> decode(ByteBuffer buffer) throws IOException {
    if (buffer.getLong(0) != Layout.SEGMENT_MAGIC
        || buffer.getInt(CHECKSUM_AT) != checksum(buffer)) {
      return Optional.empty();
    }
    if (buffer.getInt(12) != Layout.FORMAT) {
      throw new IOException(
          "the journal is of format "
              + buffer.getInt(12)
              + ", this version reads "
              + Layout.FORMAT
              + "; nothing was changed");
    }
    List<SequenceRange> lost = new ArrayList<>();
    for (int i = 0; i < buffer.getInt(72); i++) {
      int at = RANGES_AT + i * RANGE_BYTES;
      lost.add(new SequenceRange(buffer.getLong(at), buffer.getLong(at + 8)));
    }
    return Optional.of(
        new SegmentHeader(
            new UUID(buffer.getLong(16), buffer.getLong(24)),
            buffer.getLong(32),
            buffer.getLong(40),
            buffer.getLong(48),
            buffer.getLong(56),
            buffer.getLong(64),
            List.copyOf(lost)));
  }

  private static int checksum(ByteBuffer buffer) {
    CRC32C checksum = new CRC32C();
    int position = buffer.position();
    int limit = buffer.limit();
    buffer.limit(Layout.SEGMENT_HEADER_BYTES).position(CHECKSUM_AT + Integer.BYTES);
    checksum.update(buffer);
    buffer.limit(limit).position(position);
    return (int) checksum.getValue();
  }
}
