package org.larder.journal.internal;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.larder.journal.NewFrame;

/**
 * A direct buffer in which one group is laid out as it will stand in its segment, with the header
 * of the segment before it when it is the first. One thread at a time.
 */
final class GroupBuffer {
  private final ByteBuffer buffer;
  private final PlaceChecksum place;
  private final UUID journal;
  private final int groupBytes;
  private final long epoch;
  private int groupAt;
  private long segment;
  private long groupOffset;
  private int end;
  private int room;
  private int frames;
  private long firstSequence;
  private long endSequence;

  GroupBuffer(UUID journal, long epoch, long segmentBytes, int groupBytes) {
    this.journal = journal;
    this.epoch = epoch;
    this.groupBytes = groupBytes;
    long most = Layout.SEGMENT_HEADER_BYTES + Layout.sectorAligned(groupBytes);
    buffer = ByteBuffer.allocateDirect((int) Math.min(segmentBytes, most));
    place = new PlaceChecksum(journal, 0);
  }

  /** Starts a group at the offset, behind the header when one is given. */
  void begin(long number, long offset, long segmentBytes, SegmentHeader header) {
    buffer.clear();
    segment = number;
    place.at(journal, segment);
    groupAt = 0;
    if (header != null) {
      header.encode(buffer);
      groupAt = Layout.SEGMENT_HEADER_BYTES;
    }
    groupOffset = offset;
    end = groupAt + Layout.GROUP_HEADER_BYTES;
    room = (int) Math.min(Math.min(segmentBytes - offset, groupBytes) + groupAt, buffer.capacity());
    frames = 0;
  }

  boolean fits(NewFrame frame) {
    return end + Layout.frameBytes(frame.length()) <= room;
  }

  void add(NewFrame frame, int payloadChecksum, long sequence) {
    FrameHeader header =
        new FrameHeader(
            epoch,
            sequence,
            frame.count(),
            frame.length(),
            payloadChecksum,
            frame.schemaVersion(),
            0,
            frame.kind(),
            frame.atomic());
    header.encode(buffer, end);
    place.seal(buffer, end, Layout.FRAME_HEADER_BYTES, groupOffset + (end - groupAt));
    int payloadAt = end + Layout.FRAME_HEADER_BYTES;
    buffer.put(payloadAt, frame.payload(), frame.offset(), frame.length());
    int next = end + (int) header.bytes();
    zero(payloadAt + frame.length(), next);
    end = next;
    if (frames++ == 0) {
      firstSequence = sequence;
    }
    endSequence = header.endSequence();
  }

  long segment() {
    return segment;
  }

  long firstSequence() {
    return firstSequence;
  }

  long endSequence() {
    return endSequence;
  }

  /** Where the next group goes in the segment. */
  long endOffset() {
    return Layout.sectorAligned(groupOffset + (end - groupAt));
  }

  /** Completes the group: what is to be written, whole sectors. */
  ByteBuffer finish(long settledEnd) {
    GroupHeader header =
        new GroupHeader(epoch, firstSequence, endSequence, settledEnd, end - groupAt, frames);
    header.encode(buffer, groupAt);
    place.seal(buffer, groupAt, Layout.GROUP_HEADER_BYTES, groupOffset);
    int whole = (int) Layout.sectorAligned(end);
    zero(end, whole);
    return buffer.position(0).limit(whole);
  }

  private void zero(int from, int to) {
    for (int i = from; i < to; i++) {
      buffer.put(i, (byte) 0);
    }
  }
}
