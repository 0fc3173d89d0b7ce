package org.larder.buffer.internal;

import org.larder.buffer.DeadLetter;
import org.larder.storage.model.Mutation;

/**
 * What tells one letter of a follower from another. Its sequence alone does not: what a store is
 * filled with has no place of its own in the journal.
 *
 * @param record collection and key; empty comes before every record of that sequence
 */
record LetterId(long sequence, String record) implements Comparable<LetterId> {
  static LetterId of(DeadLetter letter) {
    return new LetterId(letter.sequence(), letter.row().schema().name() + '/' + letter.row().key());
  }

  static LetterId of(Mutation mutation) {
    return new LetterId(mutation.sequence(), mutation.collection() + '/' + mutation.key());
  }

  /** Comes before all letters of that sequence and later ones. */
  static LetterId before(long sequence) {
    return new LetterId(sequence, "");
  }

  @Override
  public int compareTo(LetterId other) {
    int bySequence = Long.compare(sequence, other.sequence);
    return bySequence != 0 ? bySequence : record.compareTo(other.record);
  }
}
