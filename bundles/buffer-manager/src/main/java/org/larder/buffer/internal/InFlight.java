package org.larder.buffer.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.larder.buffer.BufferException;

/** Bounds the bytes of requests being taken in at a time; free for any thread, never waits. */
final class InFlight {
  private final AtomicLong bytes = new AtomicLong();
  private volatile long most;

  InFlight(long most) {
    this.most = most;
  }

  void limitTo(long bound) {
    most = bound;
  }

  /**
   * Takes more room for a request. One that is alone is let in whatever its size: it could never
   * begin otherwise.
   *
   * @param held what the request has already
   * @throws BufferException FULL if there is none
   */
  void take(long wanted, long held) {
    long before;
    do {
      before = bytes.get();
      if (before > held && before + wanted > most) {
        throw new BufferException(
            BufferException.Reason.FULL,
            "Too many requests are being taken in; try again shortly",
            Duration.ofSeconds(1),
            null);
      }
    } while (!bytes.compareAndSet(before, before + wanted));
  }

  void give(long taken) {
    bytes.addAndGet(-taken);
  }

  long bytes() {
    return bytes.get();
  }
}
