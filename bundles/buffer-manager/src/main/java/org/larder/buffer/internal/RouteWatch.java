package org.larder.buffer.internal;

import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.larder.buffer.FollowerStatus.State;
import org.larder.journal.Journal;
import org.larder.journal.JournalStats;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, on a thread of its own, whether a swap is done and whether a mirror holds too much of the
 * journal: it must not be the thread of a follower, since each of them may hang in a backend.
 */
final class RouteWatch implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(RouteWatch.class);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** Of the journal's bound; a mirror that keeps more is given up. */
  private static final double MOST = 0.8;

  /** One part in so many of what is kept has to be kept for nobody else. */
  private static final int SHARE = 10;

  /** So long what a mirror has applied may wait for its sync while the journal is too full. */
  private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** What comes in these states is synced soon; in the others a sync may fail for ever. */
  private static final Set<State> GOING_ON = EnumSet.of(State.FOLLOWING, State.SEEDING);

  private final Routing routing;
  private final Rerouting rerouting;
  private final Journal journal;
  private final Recurrence failure = new Recurrence();
  private final Thread thread = new Thread(this, "larder-routes");
  private volatile boolean stopping;
  private boolean tooFull;
  private long tooFullSinceNanos;

  RouteWatch(Routing routing, Rerouting rerouting, Journal journal) {
    this.routing = routing;
    this.rerouting = rerouting;
    this.journal = journal;
    thread.setDaemon(true);
    thread.setContextClassLoader(RouteWatch.class.getClassLoader());
  }

  void start() {
    thread.start();
  }

  void stop() {
    stopping = true;
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    while (!stopping) {
      if (failure.isDue(System.nanoTime())) {
        lookOnce();
      }
      LockSupport.parkNanos(this, TICK_NANOS);
    }
  }

  private void lookOnce() {
    try {
      look();
      failure.over();
    } catch (IOException | RuntimeException | Error e) {
      if (failure.isNews(e.toString(), System.nanoTime())) {
        LOG.error("The routes cannot be looked after; that is tried again", e);
      }
    }
  }

  private void look() throws IOException {
    if (rerouting.isUnsettled()) {
      rerouting.settle();
    }
    JournalStats stats = journal.stats();
    boolean before = tooFull;
    tooFull = stats.liveBytes() >= stats.maxBytes() * MOST;
    if (tooFull) {
      long now = System.nanoTime();
      tooFullSinceNanos = before ? tooFullSinceNanos : now;
      // A store that never says how much of it is durable holds the journal as one that hangs.
      detachThoseBehind(now - tooFullSinceNanos < SYNC_NANOS);
    }
  }

  private void detachThoseBehind(boolean maySyncYet) throws IOException {
    Map<String, Long> reached = new HashMap<>();
    for (Follower follower : routing.followers().list()) {
      if (maySyncYet && GOING_ON.contains(follower.figures().condition().state())) {
        reached.put(follower.name(), follower.progress().reached());
      }
    }
    List<String> behind =
        furthestBehind(journal.retained(), reached, routing::mayGiveUp, journal.syncedEnd(0));
    for (Follower follower : routing.followers().list()) {
      if (behind.contains(follower.name())) {
        rerouting.giveUp(follower);
      }
    }
  }

  /**
   * The mirrors that the journal waits for longest; none if it is kept for the others as well. One
   * that is hardly behind a primary is as far as anybody can ask, and the next look is soon. What a
   * mirror has applied but not synced is kept for it only until its next sync, which is soon too.
   *
   * @param retained from where the journal is kept, for whom
   * @param reached how far those have applied it whose sync is awaited
   * @param end where the journal ends
   */
  static List<String> furthestBehind(
      Map<String, Long> retained,
      Map<String, Long> reached,
      Predicate<String> mayGiveUp,
      long end) {
    Map<String, Long> mirrors = new HashMap<>();
    LongSummaryStatistics others = new LongSummaryStatistics();
    retained.forEach(
        (name, from) -> {
          if (mayGiveUp.test(name)) {
            mirrors.put(name, Math.max(from, reached.getOrDefault(name, from)));
          } else {
            others.accept(from);
          }
        });
    long furthest = mirrors.values().stream().mapToLong(Long::longValue).min().orElse(end);
    if (others.getCount() == 0 || (others.getMin() - furthest) * SHARE <= end - furthest) {
      return List.of();
    }
    return mirrors.entrySet().stream()
        .filter(entry -> entry.getValue() == furthest)
        .map(Map.Entry::getKey)
        .toList();
  }
}
