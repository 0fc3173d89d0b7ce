package org.larder.buffer.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps a follower at a position. Wanted and awaited by any thread, one at a time; obeyed and
 * confirmed by the follower's, between its batches. A hold ends by itself after a while: who holds
 * may be kept from releasing by a store that hangs.
 */
final class Hold {
  private final LongSupplier nanoTime;
  private volatile long limit = Long.MAX_VALUE;
  private volatile long floor;
  private long untilNanos;
  private long confirmed = -1;

  /** Keeps nobody yet; by that clock a hold ends. */
  Hold(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * The follower goes up to that position and no further.
   *
   * @param lease when it goes on all the same
   */
  synchronized void at(long position, Duration lease) {
    limit = position;
    untilNanos = nanoTime.getAsLong() + lease.toNanos();
    confirmed = -1;
  }

  /** The follower goes on as it likes. */
  synchronized void release() {
    limit = Long.MAX_VALUE;
    confirmed = -1;
  }

  /**
   * Wherever it is wanted, the follower goes up to that position first, and is not held before it:
   * its store may have some of what lies between.
   */
  synchronized void notBelow(long position) {
    floor = position;
  }

  /** Nothing from here on is to be applied. */
  long limit() {
    if (limit != Long.MAX_VALUE) {
      endLease();
    }
    return Math.max(limit, floor);
  }

  private synchronized void endLease() {
    if (limit != Long.MAX_VALUE && nanoTime.getAsLong() - untilNanos >= 0) {
      release();
    }
  }

  /** The follower has got so far, and writes nothing before it has looked at the limit again. */
  void standsAt(long reached) {
    if (limit() <= reached) {
      confirm(reached);
    }
  }

  private synchronized void confirm(long reached) {
    if (Math.max(limit, floor) <= reached) {
      confirmed = reached;
      notifyAll();
    }
  }

  /** The follower meets its store anew. */
  synchronized void leaves() {
    confirmed = -1;
  }

  /**
   * Waits until the follower stands at the limit, or where it was beyond that.
   *
   * @return where it stands; −1 if the time ran out
   */
  synchronized long await(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (confirmed < 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return -1;
      }
      wait(left);
    }
    return confirmed;
  }

  /** True if it stands there since it was awaited. */
  synchronized boolean isAt(long position) {
    endLease();
    return confirmed == position;
  }
}
