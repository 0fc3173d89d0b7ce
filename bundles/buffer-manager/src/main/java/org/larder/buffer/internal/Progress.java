package org.larder.buffer.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far a follower got, and the threads that wait for it to get further. Moved by the follower's
 * thread, read and awaited by any.
 */
final class Progress {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile long reached = -1;
  private volatile long wanted;
  private volatile boolean stalled = true;

  /** Everything below is in the backend; −1 while that is not known. */
  long reached() {
    return reached;
  }

  /** The highest sequence that somebody waits for. */
  long wanted() {
    return wanted;
  }

  void moveTo(long sequence) {
    lock.lock();
    try {
      reached = sequence;
      stalled = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waiting is of no use for now: the backend is away or the follower halted. */
  void stall() {
    lock.lock();
    try {
      stalled = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isStalled() {
    return stalled;
  }

  /** Lets the follower know that somebody waits. */
  void want(long sequence) {
    lock.lock();
    try {
      wanted = Math.max(wanted, sequence);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the follower has reached the sequence.
   *
   * @return false if the time ran out or waiting is of no use
   */
  boolean await(long sequence, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    lock.lock();
    try {
      while (reached < sequence) {
        long left = deadline - System.nanoTime();
        if (stalled || left <= 0) {
          return false;
        }
        changed.await(left, TimeUnit.NANOSECONDS);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
