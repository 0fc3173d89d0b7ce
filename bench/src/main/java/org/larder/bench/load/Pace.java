package org.larder.bench.load;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** When requests are meant to start; for one thread. */
public abstract class Pace {

  /** The time, by {@link System#nanoTime}, at which the next request is meant to start. */
  abstract long due(long now);

  /** Takes the next start; returns the time from which its latency is counted. */
  abstract long take();

  /** A connection starts its next request as soon as it has the reply to the last. */
  public static Pace closedLoop() {
    return new Pace() {
      @Override
      long due(long now) {
        return now;
      }

      @Override
      long take() {
        return System.nanoTime();
      }
    };
  }

  /**
   * The same, but with no more requests in all than one for each interval that has passed: a rate
   * that is offered and need not be taken.
   */
  public static Pace closedLoop(Duration interval) {
    return new Pace() {
      private long next = Long.MIN_VALUE;

      @Override
      long due(long now) {
        if (next == Long.MIN_VALUE) {
          next = now;
        }
        return Math.max(next, now);
      }

      @Override
      long take() {
        next += interval.toNanos();
        return System.nanoTime();
      }
    };
  }

  /**
   * Requests start at even intervals whatever the node does. A latency is counted from the time at
   * which its request was meant to start, so a request that had to wait for a connection has
   * waited: that is what corrects for coordinated omission.
   */
  public static Pace openLoop(Duration interval) {
    return new Pace() {
      private long next = Long.MIN_VALUE;

      @Override
      long due(long now) {
        if (next == Long.MIN_VALUE) {
          next = now;
        }
        return next;
      }

      @Override
      long take() {
        long intended = next;
        next += interval.toNanos();
        return intended;
      }
    };
  }

  /** The same pace, but nothing starts any more once that is so; any thread may make it so. */
  public Pace until(BooleanSupplier over) {
    Pace pace = this;
    return new Pace() {
      @Override
      long due(long now) {
        return over.getAsBoolean() ? Long.MAX_VALUE : pace.due(now);
      }

      @Override
      long take() {
        return pace.take();
      }
    };
  }
}
