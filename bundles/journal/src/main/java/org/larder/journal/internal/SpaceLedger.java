package org.larder.journal.internal;

/**
 * Counts what the journal takes on the disk, and what frames under way may still take, so that an
 * append is refused before it is given a sequence and never after. Guarded by the queue's lock.
 *
 * <p>A frame under way counts as if it made a group of its own; what rolling over wastes counts as
 * the largest frame under way.
 */
final class SpaceLedger {
  private final long maxBytes;
  private final long segmentBytes;
  private final long usableBytes;
  private long fileBytes;
  private long activeRest;
  private boolean spare;
  private long underWay;
  private long largest;

  SpaceLedger(long maxBytes, long segmentBytes, long fileBytes) {
    this.maxBytes = maxBytes;
    this.segmentBytes = segmentBytes;
    this.usableBytes = segmentBytes - Layout.SEGMENT_HEADER_BYTES;
    this.fileBytes = fileBytes;
  }

  long fileBytes() {
    return fileBytes;
  }

  /** Whether frames of that cost would find room. */
  boolean fits(long cost, long largestFrame, boolean canGrow) {
    long most = Math.max(largest, largestFrame);
    long needed = underWay + cost - activeRest;
    if (needed <= 0) {
      return true;
    }
    long free = (spare ? 1 : 0) + (canGrow ? Math.max(0, maxBytes - fileBytes) / segmentBytes : 0);
    long waste = Math.min(activeRest, most);
    long segments = (needed + waste + usableBytes - 1) / usableBytes;
    if (segments > 1) {
      segments = (needed + waste + (segments - 1) * most + usableBytes - 1) / usableBytes;
    }
    return segments <= free;
  }

  void take(long cost, long largestFrame) {
    underWay += cost;
    largest = Math.max(largest, largestFrame);
  }

  void settle(long cost) {
    underWay -= cost;
    if (underWay == 0) {
      largest = 0;
    }
  }

  void activeRest(long bytes) {
    activeRest = bytes;
  }

  /** Claims the room for another segment; false at the bound. */
  boolean claimSegment() {
    if (spare || fileBytes + segmentBytes > maxBytes) {
      return false;
    }
    fileBytes += segmentBytes;
    spare = true;
    return true;
  }

  void claimFailed() {
    fileBytes -= segmentBytes;
    spare = false;
  }

  void adoptSpare() {
    spare = true;
  }

  void spareUsed() {
    spare = false;
    activeRest = usableBytes;
  }

  void deleted(long bytes) {
    fileBytes -= bytes;
  }
}
