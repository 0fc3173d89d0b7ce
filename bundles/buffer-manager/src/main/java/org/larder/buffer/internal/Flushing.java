package org.larder.buffer.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.FlushResult;
import org.larder.journal.Journal;

/** Waits for a follower to take everything that was acknowledged before; free for any thread. */
final class Flushing {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** While appends are under way, so often it is looked whether they have failed. */
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Journal journal;

  Flushing(Journal journal) {
    this.journal = journal;
  }

  /**
   * Drains. Callers at the same time wait for the same progress.
   *
   * @throws BufferException BACKEND_AWAY or DEADLINE
   */
  FlushResult flush(Follower follower, Duration deadline) {
    long started = System.nanoTime();
    Progress progress = follower.progress();
    long target = journal.end(0);
    try (Progress.Tally tally = progress.tally(target)) {
      demand(follower, target);
      await(progress, target, started + deadline.toNanos(), deadline);
      return new FlushResult(tally.counts(), Duration.ofNanos(System.nanoTime() - started));
    }
  }

  /** Drains several followers, all at once. Counted are the records that each is primary of. */
  FlushResult flush(Routing routing, Duration deadline) {
    List<Follower> followers = routing.primaries();
    long started = System.nanoTime();
    long target = journal.end(0);
    long until = started + deadline.toNanos();
    Map<Follower, Progress.Tally> tallies = new LinkedHashMap<>();
    try {
      for (Follower follower : followers) {
        tallies.put(follower, follower.progress().tally(target));
        demand(follower, target);
      }
      Map<String, Long> written = new TreeMap<>();
      for (Follower follower : followers) {
        await(follower.progress(), target, until, deadline);
        tallies
            .get(follower)
            .counts()
            .forEach(
                (collection, records) -> {
                  if (routing.primaryOf(collection) == follower) {
                    written.put(collection, records);
                  }
                });
      }
      return new FlushResult(written, Duration.ofNanos(System.nanoTime() - started));
    } finally {
      tallies.values().forEach(Progress.Tally::close);
    }
  }

  private static void demand(Follower follower, long target) {
    if (follower.progress().reached() < target) {
      follower.progress().want(target);
      follower.wake();
    }
  }

  private void await(Progress progress, long target, long until, Duration deadline) {
    if (progress.reached() >= target) {
      return;
    }
    try {
      while (true) {
        // The last sequences may belong to appends that fail: nobody will ever reach those.
        boolean settled = journal.stats().waitingAppends() == 0;
        long reachable = settled ? Math.min(target, journal.syncedEnd(0)) : target;
        Duration left = Duration.ofNanos(until - System.nanoTime());
        boolean brief = !settled && left.compareTo(LOOK) > 0;
        if (progress.await(reachable, brief ? LOOK : left)) {
          return;
        }
        if (!brief || progress.isStalled()) {
          break;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BufferException(Reason.CLOSED, "Interrupted", RETRY_AFTER, e);
    }
    if (progress.isStalled()) {
      throw new BufferException(
          Reason.BACKEND_AWAY,
          "The backend does not follow now; everything acknowledged stays in the journal",
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
