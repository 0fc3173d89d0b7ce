package org.larder.journal.internal;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.larder.journal.JournalFile;
import org.larder.journal.JournalFiles;
import org.larder.journal.JournalOptions;
import org.larder.journal.NewFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts groups into the active segment, one write and one force each, and rolls over to the next.
 * The committer's alone, save for {@link #beginAfter} and the number of the active segment.
 *
 * <p>A file whose write or force failed is never touched again.
 */
final class SegmentWriter {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentWriter.class);

  private final JournalOptions options;
  private final UUID journal;
  private final long epoch;
  private final SegmentAllocator allocator;
  private final AppendQueue queue;
  private final SegmentList segments;
  private final Losses losses;

  private SegmentAllocator.Spare active;
  private JournalFile file;
  private Segment segment;
  private SegmentHeader header;
  private long offset;
  private boolean touched;
  private long validEnd;
  private volatile long activeNumber;

  SegmentWriter(
      JournalOptions options,
      UUID journal,
      long epoch,
      SegmentAllocator allocator,
      AppendQueue queue,
      SegmentList segments,
      Losses losses) {
    this.options = options;
    this.journal = journal;
    this.epoch = epoch;
    this.allocator = allocator;
    this.queue = queue;
    this.segments = segments;
    this.losses = losses;
    this.validEnd = segments.syncedEnd();
  }

  /** Number of the segment being written, so that nobody deletes it; 0 when there is none. */
  long activeNumber() {
    return activeNumber;
  }

  long rest() {
    return active == null ? 0 : options.segmentBytes() - offset;
  }

  boolean isNoSpace(IOException error) {
    return options.files().isNoSpace(error);
  }

  /** Starts a group, in another segment when its first frame has no room in this one. */
  void begin(GroupBuffer buffer, NewFrame first, long sequence) throws IOException {
    touched = false;
    if (active == null || !hasRoom(first, offset)) {
      roll(sequence);
    }
    buffer.begin(active.number(), offset, options.segmentBytes(), header);
  }

  /**
   * Starts a group behind one that is being committed; false when its first frame has no room
   * there. Under the lock that also guards the start of the group before.
   */
  boolean beginAfter(GroupBuffer committing, GroupBuffer buffer, NewFrame first) {
    long behind = committing.endOffset();
    if (!hasRoom(first, behind)) {
      return false;
    }
    buffer.begin(committing.segment(), behind, options.segmentBytes(), null);
    return true;
  }

  private boolean hasRoom(NewFrame first, long at) {
    long bytes = Layout.GROUP_HEADER_BYTES + Layout.frameBytes(first.length());
    return at + bytes <= options.segmentBytes();
  }

  private void roll(long sequence) throws IOException {
    SegmentAllocator.Spare next = allocator.take();
    closeFile();
    active = next;
    segment = null;
    offset = Layout.SEGMENT_HEADER_BYTES;
    touched = true;
    file = options.files().open(next.file(), JournalFiles.Mode.WRITE);
    touched = false;
    List<Segment> before = segments.all();
    header =
        new SegmentHeader(
            journal,
            next.number(),
            before.isEmpty() ? 0 : before.get(before.size() - 1).number(),
            validEnd,
            epoch,
            sequence,
            validEnd < sequence ? List.of(new SequenceRange(validEnd, sequence)) : List.of());
  }

  /** Writes and forces the group, and shows it to readers; returns the nanoseconds of the force. */
  long commit(GroupBuffer buffer) throws IOException {
    touched = true;
    file.write(buffer.finish(buffer.firstSequence()), header == null ? offset : 0);
    long before = System.nanoTime();
    file.force(false);
    long nanos = System.nanoTime() - before;
    publish(buffer.firstSequence(), buffer.endSequence(), buffer.endOffset());
    return nanos;
  }

  private void publish(long first, long end, long endOffset) {
    if (segment == null) {
      SparseIndex index = new SparseIndex();
      index.add(first, offset);
      if (validEnd < first) {
        losses.add(Loss.failed(validEnd, first));
      }
      segment =
          new Segment(
              active.number(),
              active.file(),
              first,
              end,
              options.segmentBytes(),
              endOffset,
              index,
              List.of());
      activeNumber = active.number();
      segments.add(segment);
      header = null;
    } else {
      segment.index().add(first, offset);
      segment.synced(end, endOffset);
    }
    offset = endOffset;
    validEnd = end;
    segments.syncedEnd(end);
  }

  /** Gives up the group, and its segment too when that was touched. */
  void abandon() {
    if (!touched) {
      return;
    }
    closeFile();
    if (segment == null && active != null) {
      try {
        options.files().delete(active.file());
        queue.deleted(options.segmentBytes());
      } catch (IOException e) {
        LOG.warn("The abandoned {} is deleted at the next start", active.file(), e);
      }
    }
    active = null;
    segment = null;
    header = null;
    activeNumber = 0;
  }

  void close() {
    closeFile();
  }

  private void closeFile() {
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("A segment could not be closed", e);
    }
    file = null;
  }
}
