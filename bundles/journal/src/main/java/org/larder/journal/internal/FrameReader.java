package org.larder.journal.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.larder.journal.Frame;
import org.larder.journal.JournalFile;
import org.larder.journal.JournalFiles;
import org.larder.journal.SequenceGoneException;

/**
 * Reads frames in order over the segments, through a file and a window of its own. The monitor
 * keeps a close from another thread out of a read; the position may be asked for at any time.
 */
public final class FrameReader {
  private static final int WINDOW_BYTES = 256 << 10;

  private final Core core;
  private final SegmentCursor cursor;
  private Segment segment;
  private JournalFile file;
  private volatile long position;

  /** From the sequence on. */
  public FrameReader(Core core, long from) {
    this.core = core;
    this.position = from;
    cursor = new SegmentCursor(core.id(), new FileWindow(WINDOW_BYTES));
  }

  /** See JournalReader. */
  public long position() {
    return position;
  }

  /** See JournalReader. */
  public synchronized List<Frame> read(int maxBytes) throws IOException {
    try {
      return readOn(maxBytes);
    } catch (NoSuchFileException e) {
      leave();
      throw goneOr(e);
    } catch (IOException e) {
      leave();
      throw e;
    }
  }

  private IOException goneOr(IOException other) {
    long start = core.segments().start();
    return position < start ? new SequenceGoneException(position, start) : other;
  }

  private List<Frame> readOn(int maxBytes) throws IOException {
    List<Frame> frames = new ArrayList<>();
    long bytes = 0;
    long synced = core.segments().syncedEnd();
    long at = position;
    while (frames.isEmpty() || bytes < maxBytes) {
      if (segment == null && !enter(at)) {
        at = Math.max(at, synced);
        break;
      }
      long limit = segment.dataEnd();
      skipHole();
      SegmentCursor.Step step = cursor.step(limit);
      if (step == SegmentCursor.Step.FRAME) {
        FrameHeader header = cursor.frame();
        if (header.endSequence() > at) {
          if (!frames.isEmpty() && bytes + header.payloadLength() > maxBytes) {
            cursor.stepBack();
            break;
          }
          frames.add(frame(header, limit));
          bytes += header.payloadLength();
          at = header.endSequence();
        }
      } else if (step == SegmentCursor.Step.GROUP) {
        if (cursor.group().endSequence() <= at) {
          cursor.skipGroup();
        }
      } else if (step == SegmentCursor.Step.END) {
        Optional<Segment> next = core.segments().after(segment.number());
        if (next.isEmpty()) {
          at = Math.max(at, synced);
          break;
        }
        // With a next one there, this one grows no more, but it may have since the limit was read.
        if (segment.dataEnd() == limit) {
          leave();
          at = Math.max(at, next.get().firstSequence());
        }
      } else if (step == SegmentCursor.Step.DAMAGE) {
        core.salvage(segment);
        if (segment.behindHole(cursor.offset()) == cursor.offset()) {
          throw new IOException(
              "damage at " + cursor.offset() + " of " + segment.file() + " cannot be passed");
        }
      }
    }
    position = at;
    return frames;
  }

  /** Goes on from the sequence. */
  public synchronized void seek(long sequence) throws IOException {
    leave();
    position = sequence;
  }

  private void skipHole() {
    long behind = segment.behindHole(cursor.offset());
    if (behind != cursor.offset()) {
      cursor.resume(behind);
    }
  }

  private Frame frame(FrameHeader header, long limit) throws IOException {
    return new Frame(
        header.lane(),
        header.epoch(),
        header.sequence(),
        header.count(),
        header.kind(),
        header.atomic(),
        header.schemaVersion(),
        ByteBuffer.wrap(cursor.payload(limit)).asReadOnlyBuffer());
  }

  /** Opens the segment that holds the sequence; false when there is none yet. */
  private boolean enter(long sequence) throws IOException {
    long start = core.segments().start();
    if (sequence < start) {
      throw new SequenceGoneException(sequence, start);
    }
    Optional<Segment> holding = core.segments().holding(sequence);
    if (holding.isEmpty()) {
      return false;
    }
    Segment entered = holding.get();
    file = core.options().files().open(entered.file(), JournalFiles.Mode.READ);
    segment = entered;
    cursor.start(file, entered.number(), entered.index().offsetFor(sequence));
    return true;
  }

  private void leave() throws IOException {
    segment = null;
    if (file != null) {
      JournalFile left = file;
      file = null;
      left.close();
    }
  }

  /** Closes its file. */
  public synchronized void close() throws IOException {
    leave();
  }
}
