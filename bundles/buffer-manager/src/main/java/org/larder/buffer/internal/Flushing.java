package org.larder.buffer.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.FlushResult;
import org.larder.journal.Journal;

/** Waits for a follower to take everything that was acknowledged before; free for any thread. */
final class Flushing {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Journal journal;
  private final PendingCounts pending;

  Flushing(Journal journal, PendingCounts pending) {
    this.journal = journal;
    this.pending = pending;
  }

  /**
   * Drains. Callers at the same time wait for the same progress.
   *
   * @throws BufferException BACKEND_AWAY or DEADLINE
   */
  FlushResult flush(Follower follower, Duration deadline) {
    long started = System.nanoTime();
    long target = journal.end(0);
    Map<String, Long> before = pending.snapshot();
    Progress progress = follower.progress();
    boolean behind = progress.reached() < target;
    if (behind) {
      progress.want(target);
      follower.wake();
      await(follower, target, deadline);
    }
    Map<String, Long> written = new HashMap<>(before);
    written.values().removeIf(count -> count == 0);
    return new FlushResult(
        behind ? written : Map.of(), Duration.ofNanos(System.nanoTime() - started));
  }

  private void await(Follower follower, long target, Duration deadline) {
    try {
      if (follower.progress().await(target, deadline)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BufferException(Reason.CLOSED, "Interrupted", RETRY_AFTER, e);
    }
    if (follower.progress().isStalled()) {
      throw new BufferException(
          Reason.BACKEND_AWAY,
          "The backend is away; everything acknowledged stays in the journal",
          RETRY_AFTER,
          null);
    }
    throw new BufferException(
        Reason.DEADLINE,
        "The backend did not catch up within " + deadline.toMillis() + " ms; nothing is lost",
        RETRY_AFTER,
        null);
  }
}
