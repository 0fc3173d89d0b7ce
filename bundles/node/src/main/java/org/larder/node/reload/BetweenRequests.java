package org.larder.node.reload;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock.WriteLock;

/**
 * Takes the lock that a REST application is reloaded under, which each request holds as a reader
 * from its first byte to its last. Called by the whiteboard's only thread.
 */
public final class BetweenRequests {
  /** So long requests wait for those that are inside. */
  private static final long ASKING_MILLIS = 50;

  /** So long they are let in when one is inside that takes its time. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** While the node starts, applications that wait their turn would be missed. */
  private static volatile boolean serving;

  private BetweenRequests() {}

  /** The node is ready: from here on no reload is worth a request. For any thread. */
  public static void beginToServe() {
    serving = true;
  }

  /**
   * Waits until no request is inside, however long that takes, and locks. Once the node is ready, a
   * slow one delays the reload, and with it other changes of applications, but no request by more
   * than 50 ms.
   *
   * @throws IllegalStateException if the thread is interrupted; the lock is not held then
   */
  public static void lock(WriteLock lock) {
    if (!serving) {
      lock.lock();
      return;
    }
    try {
      while (!lock.tryLock(ASKING_MILLIS, TimeUnit.MILLISECONDS)) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted before the application was reloaded", e);
    }
  }
}
