package org.larder.journal.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The openings of the journal and the sequence at which each began. Immutable.
 *
 * @param begun in order
 * @param closedAt the synced end at the last orderly close, 0 when there was none since
 */
record Epochs(List<Begun> begun, long closedAt) {
  static final Epochs NONE = new Epochs(List.of(), 0);

  private static final int MOST = 4096;

  /** An opening. */
  record Begun(long epoch, long firstSequence) {}

  Epochs {
    begun = List.copyOf(begun);
  }

  long last() {
    return begun.isEmpty() ? 0 : begun.get(begun.size() - 1).epoch();
  }

  long lastStart() {
    return begun.isEmpty() ? 0 : begun.get(begun.size() - 1).firstSequence();
  }

  /** Where the epoch ended; empty for the last and for those unknown. */
  OptionalLong end(long epoch) {
    for (int i = 0; i + 1 < begun.size(); i++) {
      if (begun.get(i).epoch() == epoch) {
        return OptionalLong.of(begun.get(i + 1).firstSequence());
      }
    }
    return OptionalLong.empty();
  }

  Epochs with(long epoch, long firstSequence) {
    List<Begun> grown = new ArrayList<>(begun);
    grown.add(new Begun(epoch, firstSequence));
    return new Epochs(grown.subList(Math.max(0, grown.size() - MOST), grown.size()), 0);
  }

  Epochs closed(long sequence) {
    return new Epochs(begun, sequence);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Begun one : begun) {
      lines.add("epoch " + one.epoch() + " " + one.firstSequence());
    }
    if (closedAt > 0) {
      lines.add("closed " + closedAt);
    }
    return lines;
  }

  static Epochs parse(List<String> lines) {
    List<Begun> begun = new ArrayList<>();
    long closedAt = 0;
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("epoch")) {
        begun.add(new Begun(Long.parseLong(words[1]), Long.parseLong(words[2])));
      } else if (words[0].equals("closed")) {
        closedAt = Long.parseLong(words[1]);
      }
    }
    return new Epochs(begun, closedAt);
  }
}
