package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.larder.storage.spi.StorageException;

/** A call that hangs until it is let go, or interrupted if it listens. */
final class Hang {
  private final boolean interruptible;
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);

  Hang(boolean interruptible) {
    this.interruptible = interruptible;
  }

  void hang() {
    entered.countDown();
    boolean done = false;
    while (!done) {
      try {
        released.await();
        done = true;
      } catch (InterruptedException e) {
        if (interruptible) {
          left.countDown();
          throw new StorageException(RETRY, "INTERRUPTED", "Interrupted");
        }
      }
    }
  }

  /** Waits until a call hangs. */
  void awaitEntered() throws InterruptedException {
    if (!entered.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("no call came");
    }
  }

  /** Lets the call go on. */
  void release() {
    released.countDown();
  }
}
