package org.larder.buffer.internal;

import java.util.function.LongSupplier;
import org.larder.journal.Journal;
import org.larder.storage.model.Row;

/**
 * Tells how new a stored row is, so that it can be compared with sequences of the journal. Free for
 * any thread.
 *
 * <p>An adopted store has rows whose versions are another journal's sequences. One that lies at or
 * beyond the end of this journal cannot be its own, and the row counts as older than everything in
 * it. What remains: such a version below the end is taken for one of this journal, and what is
 * pending for the row with a sequence up to there is passed over until the store has it.
 */
final class RowVersions {
  private final LongSupplier end;

  private RowVersions(LongSupplier end) {
    this.end = end;
  }

  /** By the sequences of a journal. */
  static RowVersions in(Journal journal) {
    return ending(() -> journal.end(0));
  }

  /** By the sequences below an end, which may move on. */
  static RowVersions ending(LongSupplier end) {
    return new RowVersions(end);
  }

  /**
   * The version of a row that was read before this is asked; {@link Row#UNKNOWN_VERSION}, which is
   * less than any sequence, if this journal has none such. Where the follower stands says nothing
   * of it: a batch may be in the store whose answer is still under way.
   */
  long of(Row stored) {
    return stored.version() < end.getAsLong() ? stored.version() : Row.UNKNOWN_VERSION;
  }
}
