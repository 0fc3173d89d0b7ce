package org.larder.buffer.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.Guard;

/**
 * Locks over records and claims, shared by those that fall on the same of 256 stripes. Free for any
 * thread; who takes several takes them in one order, so that nobody waits in a circle. At each
 * stripe threads wait in line, for a bounded time, and are sent away when the node stops.
 */
final class Guards {
  private static final int STRIPES = 256;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Stripe[] stripes = new Stripe[STRIPES];
  private final ThreadLocal<Boolean> holding = new ThreadLocal<>();
  private volatile boolean closed;

  Guards() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  private static int stripeOf(Guard guard) {
    int hash = guard.hashCode();
    hash ^= hash >>> 16;
    hash ^= hash >>> 8;
    return hash & (STRIPES - 1);
  }

  /**
   * Takes all of them; who gets them gives them back.
   *
   * @param deadlineNanos on the clock of {@link System#nanoTime}
   * @throws BufferException UNDECIDED if the time is over, CLOSED if the node stops or the thread
   *     is interrupted; nothing is held then
   * @throws IllegalStateException if the thread holds guards already
   */
  Held take(Collection<Guard> wanted, long deadlineNanos) {
    if (holding.get() != null) {
      throw new IllegalStateException("Within a decision nothing else is decided or written");
    }
    BitSet order = new BitSet(STRIPES);
    wanted.forEach(guard -> order.set(stripeOf(guard)));
    Held held = new Held();
    boolean complete = false;
    try {
      for (int i = order.nextSetBit(0); i >= 0; i = order.nextSetBit(i + 1)) {
        stripes[i].take(deadlineNanos);
        held.taken.set(i);
      }
      holding.set(true);
      complete = true;
      return held;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    } finally {
      if (!complete) {
        held.release();
      }
    }
  }

  static BufferException interrupted(InterruptedException cause) {
    return new BufferException(
        Reason.CLOSED, "Interrupted before it was decided; send it again", RETRY_AFTER, cause);
  }

  static BufferException undecided(String why) {
    return new BufferException(
        Reason.UNDECIDED, why + "; nothing was written, send it again", RETRY_AFTER, null);
  }

  /** Sends away who waits. */
  void close() {
    closed = true;
    for (Stripe stripe : stripes) {
      stripe.wakeAll();
    }
  }

  /** What one thread holds, until that thread gives it back. */
  final class Held {
    private final BitSet taken = new BitSet(STRIPES);

    void release() {
      holding.remove();
      taken.stream().forEach(stripe -> stripes[stripe].giveBack());
      taken.clear();
    }
  }

  /** One lock, given to those who wait in the order in which they came. */
  private final class Stripe {
    private final Deque<Thread> line = new ArrayDeque<>(2);
    private boolean taken;

    synchronized void take(long deadlineNanos) throws InterruptedException {
      Thread thread = Thread.currentThread();
      line.add(thread);
      try {
        requireOpen();
        while (taken || !thread.equals(line.peek())) {
          long left = deadlineNanos - System.nanoTime();
          if (left <= 0) {
            throw undecided("Others decide on the same records");
          }
          TimeUnit.NANOSECONDS.timedWait(this, left);
          // Also if it is free by now: who held it was sent away as well.
          requireOpen();
        }
        taken = true;
      } finally {
        line.remove(thread);
        if (!taken) {
          notifyAll();
        }
      }
    }

    private void requireOpen() {
      if (closed) {
        throw new BufferException(Reason.CLOSED, "The node is stopping", RETRY_AFTER, null);
      }
    }

    synchronized void giveBack() {
      taken = false;
      notifyAll();
    }

    synchronized void wakeAll() {
      notifyAll();
    }
  }
}
