package org.larder.buffer.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * How far a follower got, the threads that wait for it to get further, and what they want counted.
 * Moved by the follower's thread, read and awaited by any.
 */
final class Progress {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Tally> tallies = new ArrayList<>();
  private volatile long reached = -1;
  private volatile long wanted;
  private volatile boolean stalled = true;

  /**
   * Records of one collection that went into the backend.
   *
   * @param records how many of the sequences count
   */
  record Run(String collection, long from, long to, int records) {
    /** All of them, whether they count or not. */
    long size() {
      return to - from;
    }
  }

  /** Counts what goes into the backend between its beginning and its target. */
  final class Tally implements AutoCloseable {
    private final long target;
    private final Map<String, Long> counts = new TreeMap<>();
    private long counted;

    private Tally(long counted, long target) {
      this.counted = counted;
      this.target = target;
    }

    /** Records by collection. */
    Map<String, Long> counts() {
      lock.lock();
      try {
        return Map.copyOf(counts);
      } finally {
        lock.unlock();
      }
    }

    private void add(List<Run> runs, long to) {
      for (Run run : runs) {
        long within = Math.min(run.to(), target) - Math.max(run.from(), counted);
        if (within > 0) {
          counts.merge(run.collection(), Math.min(within, run.records()), Long::sum);
        }
      }
      counts.values().removeIf(count -> count == 0);
      counted = Math.max(counted, to);
    }

    @Override
    public void close() {
      lock.lock();
      try {
        tallies.remove(this);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Everything below is in the backend; −1 while that is not known. */
  long reached() {
    return reached;
  }

  /** The highest sequence that somebody waits for. */
  long wanted() {
    return wanted;
  }

  /** Begins to count, from what is reached now. */
  Tally tally(long target) {
    lock.lock();
    try {
      Tally tally = new Tally(reached, target);
      tallies.add(tally);
      return tally;
    } finally {
      lock.unlock();
    }
  }

  /** These records are in the backend, and it has got so far. */
  void pass(List<Run> runs, long to) {
    lock.lock();
    try {
      tallies.forEach(tally -> tally.add(runs, to));
      moveTo(to);
    } finally {
      lock.unlock();
    }
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

  /**
   * Waiting is of no use for now: the backend is away or the follower halted.
   *
   * @param hope if true, it is of use all the same; asked again here, so that nobody who knows of
   *     what has changed and {@link #resume}d is sent away
   */
  void stallUnless(BooleanSupplier hope) {
    lock.lock();
    try {
      stalled = !hope.getAsBoolean();
      if (stalled) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waiting makes sense again. */
  void resume() {
    lock.lock();
    try {
      stalled = false;
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
