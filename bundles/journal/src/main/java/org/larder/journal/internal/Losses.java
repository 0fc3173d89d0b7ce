package org.larder.journal.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is on record as gone, newest last. The monitor guards changes; questions are answered from
 * the immutable list of the moment.
 */
final class Losses {
  private static final int MOST = 4096;
  private static final int WORDS = 7;

  private final MetadataFile file;
  private volatile List<Loss> known;
  private boolean unsaved;

  Losses(MetadataFile file, List<Loss> known) {
    this.file = file;
    this.known = List.copyOf(known);
  }

  List<Loss> known() {
    return known;
  }

  synchronized void add(Loss loss) {
    List<Loss> grown = new ArrayList<>(known);
    grown.add(loss);
    known = List.copyOf(grown.subList(Math.max(0, grown.size() - MOST), grown.size()));
    unsaved = true;
  }

  /** Whether some of the sequences are gone. */
  boolean overlap(long from, long to) {
    for (Loss loss : known) {
      if (Math.max(loss.from(), from) < Math.min(loss.to(), to)) {
        return true;
      }
    }
    return false;
  }

  synchronized void save() throws IOException {
    if (!unsaved) {
      return;
    }
    List<String> lines = new ArrayList<>();
    for (Loss loss : known) {
      lines.add(
          String.join(
              " ",
              "loss",
              loss.cause().name().toLowerCase(Locale.ROOT),
              Long.toString(loss.from()),
              Long.toString(loss.to()),
              Long.toString(loss.segment()),
              Long.toString(loss.fromOffset()),
              Long.toString(loss.toOffset())));
    }
    file.write(lines);
    unsaved = false;
  }

  static List<Loss> parse(List<String> lines) {
    List<Loss> losses = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words.length == WORDS && "loss".equals(words[0])) {
        losses.add(
            new Loss(
                Loss.Cause.valueOf(words[1].toUpperCase(Locale.ROOT)),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Long.parseLong(words[4]),
                Long.parseLong(words[5]),
                Long.parseLong(words[6])));
      }
    }
    return losses;
  }
}
