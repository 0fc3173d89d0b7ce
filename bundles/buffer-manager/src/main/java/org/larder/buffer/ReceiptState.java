package org.larder.buffer;

import java.util.List;
import java.util.Locale;

/**
 * What became of an acknowledged submission.
 *
 * @param state in a word
 * @param count how many items it had
 * @param deadLetters those of its items that the backend refused
 * @param duplicates keys of its {@link Outcome#UNCHECKED} inserts that proved to be taken. The last
 *     ten thousand of a node are known
 */
public record ReceiptState(
    State state, int count, List<DeadLetter> deadLetters, List<String> duplicates) {
  public ReceiptState {
    deadLetters = List.copyOf(deadLetters);
    duplicates = List.copyOf(duplicates);
  }

  /** Of a submission whose inserts, if any, took effect. */
  public ReceiptState(State state, int count, List<DeadLetter> deadLetters) {
    this(state, count, deadLetters, List.of());
  }

  /** What became of it, in a word. */
  public enum State {
    /** In the journal (or on its way there), not in the primary backend yet. */
    PENDING,
    /** In the primary backend, all of it. */
    STORED,
    /** Done, but at least one unchecked insert found its key taken and changed nothing. */
    DUPLICATE,
    /** Done, but the backend refused at least one of the items. */
    DEAD_LETTERED,
    /** Gone in a crash: it was acknowledged from memory only, or the disk lost it. */
    LOST;

    /** The name on the wire: {@code dead-lettered}. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
