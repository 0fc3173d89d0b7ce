package org.larder.prove.mischief;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Waits until the database has all that was acknowledged; stateless. */
final class CatchUp {
  static final Duration BOUND = Duration.ofMinutes(10);
  private static final Duration POLL = Duration.ofMillis(20);

  private CatchUp() {}

  /** Asks whether the database has all that was acknowledged before. */
  interface Flush {
    boolean isDone() throws IOException;
  }

  /** Fails if the writers do not write. */
  interface Check {
    void run() throws IOException;
  }

  /** How long it takes, from now on. */
  static Duration measure(Flush flush, Check writers, LongSupplier nanoTime) throws IOException {
    long begin = nanoTime.getAsLong();
    while (!flush.isDone()) {
      if (nanoTime.getAsLong() - begin > BOUND.toNanos()) {
        throw new IOException(
            "the database has not caught up within " + BOUND.toMinutes() + " minutes");
      }
      LockSupport.parkNanos(POLL.toNanos());
      writers.run();
    }
    return Duration.ofNanos(nanoTime.getAsLong() - begin);
  }
}
