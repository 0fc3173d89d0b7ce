package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what the server, or another thread, does and does not tell. */
final class Waiting {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration POLL = Duration.ofMillis(5);

  private Waiting() {}

  /** Something that may be asked again and again. */
  interface Condition<E extends Exception> {
    boolean holds() throws E;
  }

  /** Returns as soon as the condition holds, and fails if it does not in time. */
  static <E extends Exception> void until(String state, Condition<E> condition) throws E {
    long start = System.nanoTime();
    while (!condition.holds()) {
      assertThat(System.nanoTime() - start)
          .as("nanoseconds until " + state)
          .isLessThan(LIMIT.toNanos());
      LockSupport.parkNanos(POLL.toNanos());
    }
  }
}
