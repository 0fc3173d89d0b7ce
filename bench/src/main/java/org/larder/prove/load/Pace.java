package org.larder.prove.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Hands out turns so that so many tasks a second are written. Free for any thread. */
final class Pace {
  /** What was missed while the node was away is not made up for beyond this. */
  private static final long MOST_BEHIND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final double nanosPerItem;
  private long next = System.nanoTime();

  Pace(int itemsPerSecond) {
    this.nanosPerItem = 1e9 / itemsPerSecond;
  }

  /** Waits until it is time to send so many. */
  void await(int items) {
    long due = take(items);
    for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
      LockSupport.parkNanos(wait);
    }
  }

  private synchronized long take(int items) {
    next = Math.max(next, System.nanoTime() - MOST_BEHIND_NANOS);
    long due = next;
    next += (long) (items * nanosPerItem);
    return due;
  }
}
