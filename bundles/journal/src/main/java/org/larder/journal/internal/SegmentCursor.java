package org.larder.journal.internal;

import java.io.IOException;
import java.util.UUID;
import org.larder.journal.JournalFile;

/**
 * Walks over the groups and frames of one segment and checks each, payloads included. It does not
 * look for more behind damage: who has found the next good place resumes there. One thread at a
 * time.
 */
public final class SegmentCursor {
  /** What a step came upon. */
  public enum Step {
    /** A good group header: {@link #group()}. */
    GROUP,
    /** A good frame: {@link #frame()} at {@link #frameOffset()}. */
    FRAME,
    /** The limit. */
    END,
    /** Neither, at {@link #offset()}. */
    DAMAGE
  }

  private final UUID journal;
  private final FileWindow window;
  private final PlaceChecksum place;
  private long offset;
  private long groupEnd;
  private boolean loose;
  private GroupHeader group;
  private FrameHeader frame;
  private long frameOffset;

  /** Over files of the journal, through the window. */
  public SegmentCursor(UUID journal, FileWindow window) {
    this.journal = journal;
    this.window = window;
    this.place = new PlaceChecksum(journal, 0);
  }

  /** Starts at the group (or the damage) at the offset of a segment. */
  public void start(JournalFile file, long segment, long from) {
    window.look(file);
    place.at(journal, segment);
    offset = from;
    groupEnd = from;
    loose = false;
  }

  /** Goes on behind damage, where a group or a frame was found. */
  void resume(long at) {
    offset = at;
    loose = offset >= groupEnd;
  }

  /** Goes back to the frame it has just stepped on. */
  void stepBack() {
    offset = frameOffset;
  }

  /** Goes to the end of the group it has just stepped on. */
  void skipGroup() {
    offset = Layout.sectorAligned(groupEnd);
  }

  long offset() {
    return offset;
  }

  boolean inGroup() {
    return offset < groupEnd;
  }

  long groupEnd() {
    return groupEnd;
  }

  /** The last group stepped on. */
  public GroupHeader group() {
    return group;
  }

  /** The last frame stepped on. */
  public FrameHeader frame() {
    return frame;
  }

  /** Where its header begins. */
  public long frameOffset() {
    return frameOffset;
  }

  byte[] payload(long limit) throws IOException {
    return window.copy(frameOffset + Layout.FRAME_HEADER_BYTES, frame.payloadLength(), limit);
  }

  /** Goes one step; nothing at or past the limit is looked at. */
  public Step step(long limit) throws IOException {
    while (offset < limit) {
      boolean inside = inGroup();
      if (!inside && isSectorAligned(offset) && readGroup(offset, limit)) {
        groupEnd = offset + group.bytes();
        offset += Layout.GROUP_HEADER_BYTES;
        loose = false;
        return Step.GROUP;
      }
      if (!inside && !loose) {
        return Step.DAMAGE;
      }
      if (readFrame(offset, inside ? groupEnd : limit)) {
        frameOffset = offset;
        offset += frame.bytes();
        if (inside && offset >= groupEnd) {
          offset = Layout.sectorAligned(groupEnd);
        }
        return Step.FRAME;
      }
      if (inside || isSectorAligned(offset) || !zerosToSector(limit)) {
        return Step.DAMAGE;
      }
      offset = Layout.sectorAligned(offset);
      groupEnd = offset;
      loose = false;
    }
    return Step.END;
  }

  private static boolean isSectorAligned(long at) {
    return (at & (Layout.SECTOR_BYTES - 1)) == 0;
  }

  /** Whether a good group header is there; it is then the cursor's. */
  boolean readGroup(long at, long limit) throws IOException {
    int index = header(at, Layout.GROUP_MAGIC, Layout.GROUP_HEADER_BYTES, limit);
    if (index < 0) {
      return false;
    }
    group = GroupHeader.decode(window.buffer(), index);
    return true;
  }

  /** Whether a good frame is there that ends by the limit; it is then the cursor's. */
  boolean readFrame(long at, long limit) throws IOException {
    int index = header(at, Layout.FRAME_MAGIC, Layout.FRAME_HEADER_BYTES, limit);
    if (index < 0) {
      return false;
    }
    FrameHeader header = FrameHeader.decode(window.buffer(), index);
    long payload = at + Layout.FRAME_HEADER_BYTES;
    if (at + header.bytes() > limit
        || (int) window.checksum(payload, header.payloadLength(), limit)
            != header.payloadChecksum()) {
      return false;
    }
    frame = header;
    return true;
  }

  /** Where in the window a header with the mark is that was written there; -1 when none is. */
  private int header(long at, int mark, int bytes, long limit) throws IOException {
    int index = window.at(at, bytes, limit);
    return index >= 0 && place.isSealed(window.buffer(), index, mark, bytes, at) ? index : -1;
  }

  private boolean zerosToSector(long limit) throws IOException {
    for (long at = offset; at < Math.min(limit, Layout.sectorAligned(offset)); at += 8) {
      int index = window.at(at, Long.BYTES, limit);
      if (index < 0 || window.buffer().getLong(index) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Looks behind the offset for the next good group or frame.
   *
   * @return where it is; or, when there is none, minus the end of the last bytes that are not zero,
   *     0 when all are
   */
  long search(long limit) throws IOException {
    GroupHeader lastGroup = group;
    long lastNonZero = 0;
    long from = offset & -Layout.FRAME_ALIGNMENT;
    for (long at = from; at + Long.BYTES <= limit; at += Layout.FRAME_ALIGNMENT) {
      int index = window.at(at, Long.BYTES, limit);
      if (index < 0) {
        break;
      }
      long word = window.buffer().getLong(index);
      if (word == 0) {
        continue;
      }
      lastNonZero = at + Long.BYTES;
      int mark = (int) (word >>> Integer.SIZE);
      boolean frameMark = mark == Layout.FRAME_MAGIC;
      boolean groupMark = mark == Layout.GROUP_MAGIC && isSectorAligned(at);
      boolean found =
          at > offset
              && ((frameMark && readFrame(at, limit)) || (groupMark && readGroup(at, limit)));
      if (found) {
        group = lastGroup;
        return at;
      }
    }
    return -lastNonZero;
  }
}
