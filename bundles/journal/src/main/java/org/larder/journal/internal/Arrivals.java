package org.larder.journal.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.larder.journal.Arrival;

/** Requests being parsed; any thread announces, the committer waits a little for them. */
final class Arrivals {
  private final AtomicInteger announced = new AtomicInteger();
  private volatile Thread lingering;

  Arrival announce() {
    announced.incrementAndGet();
    return new Announced();
  }

  private final class Announced extends AtomicBoolean implements Arrival {
    private static final long serialVersionUID = 1L;

    @Override
    public void close() {
      if (compareAndSet(false, true) && announced.decrementAndGet() == 0) {
        Thread thread = lingering;
        if (thread != null) {
          LockSupport.unpark(thread);
        }
      }
    }
  }

  /** Waits until none is announced, at most so long. */
  void linger(long nanos) {
    if (announced.get() == 0 || nanos <= 0) {
      return;
    }
    long deadline = System.nanoTime() + nanos;
    lingering = Thread.currentThread();
    try {
      long rest = nanos;
      while (announced.get() > 0 && rest > 0) {
        LockSupport.parkNanos(this, rest);
        rest = deadline - System.nanoTime();
      }
    } finally {
      lingering = null;
    }
  }
}
