package org.larder.journal.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.larder.journal.JournalFile;
import org.larder.journal.JournalFiles;

/**
 * What one segment file holds, damage and all; nothing is judged here.
 *
 * @param number from the file's name
 * @param file where it is
 * @param fileBytes its size
 * @param header of the segment, when it is whole
 * @param blank whether every byte is zero: prepared and never used
 * @param pieces good runs of frames and damage between them, in the order of the file
 * @param settledEnd highest end that a good group names; 0 when there is no group
 * @param index of its groups
 * @param frames good ones
 */
record SegmentScan(
    long number,
    Path file,
    long fileBytes,
    Optional<SegmentHeader> header,
    boolean blank,
    List<Piece> pieces,
    long settledEnd,
    SparseIndex index,
    long frames) {

  /**
   * A stretch of a segment: frames of one epoch without a gap, or damage.
   *
   * @param good which of the two
   * @param from first byte
   * @param to the byte after
   * @param first sequence, when good
   * @param end the sequence after the last, when good
   * @param epoch of the frames, when good
   */
  record Piece(boolean good, long from, long to, long first, long end, long epoch) {
    static Piece damage(long from, long to) {
      return new Piece(false, from, to, 0, 0, 0);
    }
  }

  /** Reads the file up to the limit, or its end. */
  static SegmentScan of(
      JournalFiles files, UUID journal, long number, Path file, FileWindow window, long limit)
      throws IOException {
    try (JournalFile opened = files.open(file, JournalFiles.Mode.READ)) {
      long size = Math.min(opened.size(), limit);
      window.look(opened);
      Optional<SegmentHeader> header = header(window, size);
      boolean headerBlank = blank(window, Math.min(size, Layout.SEGMENT_HEADER_BYTES));
      Walk walk = new Walk(new SegmentCursor(journal, window), size);
      walk.cursor.start(opened, number, Layout.SEGMENT_HEADER_BYTES);
      walk.go();
      return new SegmentScan(
          number,
          file,
          size,
          header.filter(found -> found.journal().equals(journal) && found.number() == number),
          headerBlank && walk.pieces.isEmpty(),
          List.copyOf(walk.pieces),
          walk.settledEnd,
          walk.index,
          walk.frames);
    }
  }

  /** The header of a segment file; empty when it is damaged or not there. */
  static Optional<SegmentHeader> header(FileWindow window, long size) throws IOException {
    int index = window.at(0, Layout.SEGMENT_HEADER_BYTES, size);
    if (index < 0) {
      return Optional.empty();
    }
    ByteBuffer copy =
        ByteBuffer.wrap(window.copy(0, Layout.SEGMENT_HEADER_BYTES, size)).asReadOnlyBuffer();
    return SegmentHeader.decode(copy);
  }

  private static boolean blank(FileWindow window, long to) throws IOException {
    for (long at = 0; at + Long.BYTES <= to; at += Long.BYTES) {
      if (window.buffer().getLong(window.at(at, Long.BYTES, to)) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Where the last frame that ends by the sequence ends in the file. */
  long offsetOfEnd(JournalFiles files, UUID journal, FileWindow window, long sequence)
      throws IOException {
    long end = Layout.SEGMENT_HEADER_BYTES;
    try (JournalFile opened = files.open(file, JournalFiles.Mode.READ)) {
      SegmentCursor cursor = new SegmentCursor(journal, window);
      cursor.start(opened, number, Layout.SEGMENT_HEADER_BYTES);
      while (true) {
        SegmentCursor.Step step = cursor.step(fileBytes);
        if (step == SegmentCursor.Step.FRAME && cursor.frame().endSequence() <= sequence) {
          end = cursor.frameOffset() + cursor.frame().bytes();
        } else if (step == SegmentCursor.Step.END) {
          return end;
        } else if (step == SegmentCursor.Step.DAMAGE) {
          long next = cursor.search(fileBytes);
          if (next <= 0) {
            return end;
          }
          cursor.resume(next);
        }
      }
    }
  }

  private static final class Walk {
    private final SegmentCursor cursor;
    private final long size;
    private final List<Piece> pieces = new ArrayList<>();
    private final SparseIndex index = new SparseIndex();
    private long settledEnd;
    private long frames;
    private Piece run;

    Walk(SegmentCursor cursor, long size) {
      this.cursor = cursor;
      this.size = size;
    }

    void go() throws IOException {
      while (true) {
        switch (cursor.step(size)) {
          case GROUP -> {
            GroupHeader group = cursor.group();
            settledEnd = Math.max(settledEnd, group.settledEnd());
            index.add(group.firstSequence(), cursor.offset() - Layout.GROUP_HEADER_BYTES);
          }
          case FRAME -> frame();
          case DAMAGE -> {
            if (!damage()) {
              endRun();
              return;
            }
          }
          case END -> {
            endRun();
            return;
          }
        }
      }
    }

    private void frame() {
      FrameHeader frame = cursor.frame();
      frames++;
      long end = cursor.frameOffset() + frame.bytes();
      if (run == null || run.epoch() != frame.epoch() || run.end() != frame.sequence()) {
        endRun();
        run =
            new Piece(
                true,
                cursor.frameOffset(),
                end,
                frame.sequence(),
                frame.endSequence(),
                frame.epoch());
      } else {
        run = new Piece(true, run.from(), end, run.first(), frame.endSequence(), run.epoch());
      }
    }

    private void endRun() {
      if (run != null) {
        pieces.add(run);
        run = null;
      }
    }

    /** Notes the damage; false when nothing good is behind it. */
    private boolean damage() throws IOException {
      long from = cursor.offset();
      boolean inGroup = cursor.inGroup();
      long groupEnd = cursor.groupEnd();
      long next = cursor.search(size);
      if (next > 0) {
        endRun();
        pieces.add(Piece.damage(from, next));
        cursor.resume(next);
        return true;
      }
      long to = Math.max(-next, inGroup ? Math.min(size, groupEnd) : 0);
      if (to > from) {
        endRun();
        pieces.add(Piece.damage(from, to));
      }
      return false;
    }
  }
}
