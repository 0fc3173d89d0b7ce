package org.larder.buffer.internal;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Who asks one backend, and who waits for it: so many at a time and no more, so that a backend that
 * hangs takes no thread from the others. Free for any thread.
 */
final class QuestionLine {
  /** Questions that a backend is asked at a time. */
  static final int MOST_ASKED = 16;

  /** Threads that may wait for that. */
  static final int MOST_WAITING = 64;

  private final Semaphore turns = new Semaphore(MOST_ASKED, true);
  private final Semaphore places = new Semaphore(MOST_ASKED + MOST_WAITING);

  /** False if too many wait already; who got a place gives it back. */
  boolean enter() {
    return places.tryAcquire();
  }

  /** Gives the place back. */
  void leave() {
    places.release();
  }

  /** Waits for the turn, with a place; false if the time is over. */
  boolean awaitTurn(long deadlineNanos) throws InterruptedException {
    return turns.tryAcquire(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  /** The call has returned, which may be long after its asker has left. */
  void over() {
    turns.release();
  }

  /** How many wait for their turn. */
  int waiting() {
    return turns.getQueueLength();
  }
}
