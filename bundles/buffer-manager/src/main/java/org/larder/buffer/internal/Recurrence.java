package org.larder.buffer.internal;

import java.util.concurrent.TimeUnit;

/**
 * Keeps what fails again and again from being tried all the time, and from filling the log. For one
 * thread.
 */
final class Recurrence {
  static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
  static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private String known = "";
  private long failedAt;
  private long toldAt;

  /** True if it may be tried now: always, but for the pause after a failure. */
  boolean isDue(long nowNanos) {
    return known.isEmpty() || nowNanos - failedAt >= PAUSE_NANOS;
  }

  /**
   * It has failed.
   *
   * @return true if that is to be told: it fails in another way than before, or has not been told
   *     for a while
   */
  boolean isNews(String failure, long nowNanos) {
    boolean news = !failure.equals(known) || nowNanos - toldAt >= SILENCE_NANOS;
    known = failure;
    failedAt = nowNanos;
    if (news) {
      toldAt = nowNanos;
    }
    return news;
  }

  /** It has succeeded. */
  void over() {
    known = "";
  }
}
