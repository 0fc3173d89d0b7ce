package org.larder.journal.internal;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * CRC32C of a header bound to its place (journal, segment, offset), so that bytes from elsewhere
 * are never taken for a header. One thread at a time.
 */
public final class PlaceChecksum {
  private static final int PLACE_BYTES = 32;
  private static final int CHECKSUM_AT = 4;
  private static final int UNCOVERED_BYTES = 8;

  private final CRC32C checksum = new CRC32C();
  private final ByteBuffer place = ByteBuffer.allocate(PLACE_BYTES);

  /** For headers in the segment of the journal. */
  public PlaceChecksum(UUID journal, long segment) {
    at(journal, segment);
  }

  void at(UUID journal, long segment) {
    place.putLong(0, journal.getMostSignificantBits());
    place.putLong(8, journal.getLeastSignificantBits());
    place.putLong(16, segment);
  }

  /** Completes the header that was laid out at the index of a buffer, mark and all. */
  void seal(ByteBuffer buffer, int index, int headerBytes, long offset) {
    buffer.putInt(index + CHECKSUM_AT, of(buffer, index, headerBytes, offset));
  }

  /** Whether a header with the mark is at the index of a buffer, sealed for the offset. */
  boolean isSealed(ByteBuffer buffer, int index, int mark, int headerBytes, long offset) {
    return buffer.getInt(index) == mark
        && buffer.getInt(index + CHECKSUM_AT) == of(buffer, index, headerBytes, offset);
  }

  /** Mark and checksum are left out; the buffer's position and limit are as before. */
  private int of(ByteBuffer buffer, int index, int headerBytes, long offset) {
    place.putLong(24, offset);
    int position = buffer.position();
    int limit = buffer.limit();
    buffer.limit(index + headerBytes).position(index + UNCOVERED_BYTES);
    checksum.reset();
    checksum.update(buffer);
    checksum.update(place.array(), 0, PLACE_BYTES);
    buffer.limit(limit).position(position);
    return (int) checksum.getValue();
  }
}
