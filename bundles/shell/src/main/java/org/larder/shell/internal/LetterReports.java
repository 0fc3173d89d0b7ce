package org.larder.shell.internal;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.ReplayResult;

/** What the commands print about dead letters. */
final class LetterReports {
  private LetterReports() {}

  static String list(List<DeadLetter> letters) {
    Table table = new Table(">SEQUENCE", "FOLLOWER", "COLLECTION", "KEY", "CODE", "AT");
    for (DeadLetter letter : letters) {
      table.row(
          letter.sequence(),
          letter.follower(),
          letter.row().schema().name(),
          letter.row().key(),
          letter.code(),
          letter.at().truncatedTo(ChronoUnit.SECONDS));
    }
    return table.isEmpty() ? "There are no dead letters.\n" : table.toString();
  }

  /** The letters that are meant, and how to go on; nothing to go on with if there are none. */
  static String choice(List<DeadLetter> letters, String howToGoOn) {
    return letters.isEmpty() ? list(letters) : list(letters) + howToGoOn;
  }

  static String inFull(List<DeadLetter> letters, long sequence) {
    String text =
        letters.stream()
            .filter(letter -> letter.sequence() == sequence)
            .map(
                letter ->
                    letter.kind()
                        + " for "
                        + letter.follower()
                        + ", refused "
                        + letter.at()
                        + "\n"
                        + letter.code()
                        + ": "
                        + Text.oneLine(letter.reason())
                        + "\n"
                        + Records.inFull(letter.row()))
            .collect(Collectors.joining("\n"));
    if (text.isEmpty()) {
      throw new NoSuchElementException("There is no dead letter " + sequence);
    }
    return text;
  }

  static String replayed(ReplayResult result) {
    String text =
        Text.count(result.replayed()) + " replayed, " + Text.count(result.left()) + " left.\n";
    return result
        .refused()
        .map(
            letter ->
                text
                    + "Refused again: "
                    + letter.sequence()
                    + " "
                    + letter.code()
                    + ": "
                    + Text.oneLine(letter.reason())
                    + "\n")
        .orElse(text);
  }
}
