package org.larder.buffer;

import java.util.List;
import java.util.Locale;

/**
 * What became of an acknowledged submission.
 *
 * @param state in a word
 * @param count how many items it had
 * @param deadLetters those of its items that the backend refused
 */
public record ReceiptState(State state, int count, List<DeadLetter> deadLetters) {
  public ReceiptState {
    deadLetters = List.copyOf(deadLetters);
  }

  /** What became of it, in a word. */
  public enum State {
    /** In the journal (or on its way there), not in the primary backend yet. */
    PENDING,
    /** In the primary backend, all of it. */
    STORED,
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
