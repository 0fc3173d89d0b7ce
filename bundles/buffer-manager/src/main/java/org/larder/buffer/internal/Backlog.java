package org.larder.buffer.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.larder.journal.Frame;
import org.larder.journal.Journal;
import org.larder.journal.JournalReader;

/** Tells what records lie between two places of the journal. */
final class Backlog {
  private static final int READ_BYTES = 4 << 20;

  private Backlog() {}

  /** Takes the records of a piece of the journal, which ends there. */
  interface Piece {
    void take(List<Progress.Run> runs, long to);
  }

  /** Goes through the records, piece by piece in order; the last piece ends at {@code to}. */
  static void read(Journal journal, long from, long to, Piece piece) throws IOException {
    long at = from;
    try (JournalReader reader = journal.reader(0, from)) {
      while (at < to) {
        List<Progress.Run> runs = new ArrayList<>();
        List<Frame> frames = reader.read(READ_BYTES);
        at = frames.isEmpty() ? to : Math.min(to, frames.get(frames.size() - 1).endSequence());
        frames.stream()
            .filter(FramePayload::hasItems)
            .flatMap(frame -> FramePayload.parts(frame).stream())
            .forEach(part -> addRun(part, from, to, runs));
        piece.take(runs, at);
      }
    }
  }

  private static void addRun(FramePayload.Part part, long from, long to, List<Progress.Run> runs) {
    long first = Math.max(part.sequence(), from);
    long last = Math.min(part.sequence() + part.count(), to);
    if (first < last) {
      runs.add(new Progress.Run(part.collection(), first, last, (int) (last - first)));
    }
  }
}
