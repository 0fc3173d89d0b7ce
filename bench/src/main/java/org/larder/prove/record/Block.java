package org.larder.prove.record;

import java.util.Optional;

/**
 * Tasks with consecutive numbers that are always written together, in one request; for one thread.
 */
public final class Block {
  private final long first;
  private final int count;
  private Life acknowledged = Life.ABSENT;
  private Optional<Life> sent = Optional.empty();

  Block(long first, int count) {
    this.first = first;
    this.count = count;
  }

  void sent(int version) {
    sent = Optional.of(acknowledged.then(version));
  }

  void deleting() {
    sent = Optional.of(Life.ABSENT);
  }

  void acknowledge() {
    acknowledged =
        sent.orElseThrow(() -> new IllegalStateException("acknowledged, but never sent: " + this));
    sent = Optional.empty();
  }

  /** The number of the first task. */
  public long first() {
    return first;
  }

  /** How many tasks. */
  public int count() {
    return count;
  }

  /** The last state that was acknowledged: this one, or a later one, must be found. */
  public Life acknowledged() {
    return acknowledged;
  }

  /** The state after a request that was sent and never acknowledged: it may be found. */
  public Optional<Life> sent() {
    return sent;
  }

  /** Whether a deletion was sent and never acknowledged. */
  public boolean isBeingDeleted() {
    return sent.filter(life -> !life.isPresent()).isPresent();
  }

  @Override
  public String toString() {
    return "tasks " + first + " to " + (first + count - 1) + ", " + acknowledged;
  }
}
