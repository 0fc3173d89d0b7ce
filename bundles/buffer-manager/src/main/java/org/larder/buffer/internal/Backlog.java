package org.larder.buffer.internal;

import java.io.IOException;
import java.util.List;
import org.larder.journal.Frame;
import org.larder.journal.Journal;
import org.larder.journal.JournalReader;

/** Counts what a start finds in the journal before a follower. */
final class Backlog {
  private static final int READ_BYTES = 4 << 20;

  private Backlog() {}

  /** Adds the records from the position to the opening end to the counts; returns how many. */
  static long count(Journal journal, long position, PendingCounts pending) throws IOException {
    long found = 0;
    try (JournalReader reader = journal.reader(0, position)) {
      for (List<Frame> frames = reader.read(READ_BYTES);
          !frames.isEmpty();
          frames = reader.read(READ_BYTES)) {
        for (Frame frame : frames) {
          if (frame.epoch() < journal.epoch() && frame.kind() == FramePayload.ITEMS) {
            long records = frame.endSequence() - Math.max(frame.sequence(), position);
            pending.add(FramePayload.collection(frame), records);
            found += records;
          }
        }
        if (frames.get(frames.size() - 1).epoch() == journal.epoch()) {
          break;
        }
      }
    }
    return found;
  }
}
