package org.larder.buffer.internal;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Pauses that double up to a bound, each with jitter between a half and the whole; one thread. */
final class Backoff {
  private final RandomGenerator random;
  private int failures;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The pause after one more failure. */
  Duration next(Duration base, Duration most) {
    long doubled = base.toMillis() << Math.min(failures, 20);
    failures++;
    long millis = Math.min(Math.max(1, doubled), most.toMillis());
    return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
  }

  /** A call succeeded: the next pause is the first again. */
  void reset() {
    failures = 0;
  }
}
