package org.larder.buffer.internal;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.larder.buffer.FollowerStatus.State;

/** What a follower tells about itself: written by its thread, read by any. */
final class FollowerFigures {
  private final LongAdder batches = new LongAdder();
  private final LongAdder items = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private volatile Condition condition = new Condition(State.AWAY, "", "");
  private volatile Instant lastCommit;
  private volatile long replayed = -1;

  /** What it is doing and why. */
  record Condition(State state, String code, String message) {}

  void become(State state, String code, String message) {
    Condition now = condition;
    if (now.state() != state || !now.code().equals(code) || !now.message().equals(message)) {
      condition = new Condition(state, code, message);
    }
  }

  Condition condition() {
    return condition;
  }

  void committed(int mutations, Instant at) {
    batches.increment();
    items.add(mutations);
    lastCommit = at;
  }

  void failed() {
    failures.increment();
  }

  void replayed(long records) {
    replayed = records;
  }

  long batches() {
    return batches.sum();
  }

  long items() {
    return items.sum();
  }

  long failures() {
    return failures.sum();
  }

  Optional<Instant> lastCommit() {
    return Optional.ofNullable(lastCommit);
  }

  /** How many records were pending when the backend was first met; −1 before. */
  long replayed() {
    return replayed;
  }
}
