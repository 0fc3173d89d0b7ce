package org.larder.runtime;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another process does, which signals nothing. */
final class Waiting {
  private static final long PAUSE_NANOS = 20_000_000;

  private Waiting() {}

  /** Something that may be asked again and again. */
  interface Condition {
    boolean holds() throws Exception;
  }

  /** True as soon as the condition holds, false if it does not in time. */
  static boolean until(Duration patience, Condition condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        if (condition.holds()) {
          return true;
        }
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
