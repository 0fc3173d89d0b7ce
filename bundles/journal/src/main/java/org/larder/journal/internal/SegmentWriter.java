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
 * Lays out groups and puts them into the active segment, one write and one force each, and rolls
 * over to the next. The committer's alone, save for the number of the active segment.
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
  private final GroupBuffer buffer;

  private SegmentAllocator.Spare active;
  private JournalFile file;
  private Segment segment;
  private SegmentHeader header;
  private long offset;
  private boolean touched;
  private long validEnd;
  private long groupFirst;
  private long groupEnd;
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
    buffer = new GroupBuffer(journal, epoch, options.segmentBytes(), options.groupBytes());
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
  void begin(NewFrame first, long sequence) throws IOException {
    touched = false;
    long bytes = Layout.GROUP_HEADER_BYTES + Layout.frameBytes(first.length());
    if (active == null || offset + bytes > options.segmentBytes()) {
      roll(sequence);
    }
    groupFirst = sequence;
    groupEnd = sequence;
    buffer.begin(active.number(), offset, options.segmentBytes(), header);
  }

  boolean fits(NewFrame frame) {
    return buffer.fits(frame);
  }

  void add(NewFrame frame, int payloadChecksum, long sequence) {
    buffer.add(frame, payloadChecksum, sequence);
    groupEnd = sequence + frame.count();
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
  long commit() throws IOException {
    touched = true;
    file.write(buffer.finish(groupFirst), header == null ? offset : 0);
    long before = System.nanoTime();
    file.force(false);
    long nanos = System.nanoTime() - before;
    publish();
    return nanos;
  }

  private void publish() {
    long group = offset;
    offset += buffer.sectors();
    if (segment == null) {
      SparseIndex index = new SparseIndex();
      index.add(groupFirst, group);
      if (validEnd < groupFirst) {
        losses.add(Loss.failed(validEnd, groupFirst));
      }
      segment =
          new Segment(
              active.number(),
              active.file(),
              groupFirst,
              groupEnd,
              options.segmentBytes(),
              offset,
              index,
              List.of());
      activeNumber = active.number();
      segments.add(segment);
      header = null;
    } else {
      segment.index().add(groupFirst, group);
      segment.synced(groupEnd, offset);
    }
    validEnd = groupEnd;
    segments.syncedEnd(groupEnd);
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
