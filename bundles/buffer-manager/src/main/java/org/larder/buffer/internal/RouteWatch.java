package org.larder.buffer.internal;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

  private final Routing routing;
  private final Rerouting rerouting;
  private final Journal journal;
  private final Recurrence failure = new Recurrence();
  private final Thread thread = new Thread(this, "larder-routes");
  private volatile boolean stopping;

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
    } catch (IOException | RuntimeException e) {
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
    if (stats.liveBytes() >= stats.maxBytes() * MOST) {
      detachThoseBehind();
    }
  }

  /** Gives up what is behind all that the journal has to wait for. */
  private void detachThoseBehind() throws IOException {
    Map<String, Long> retained = journal.retained();
    long needed =
        retained.entrySet().stream()
            .filter(entry -> !routing.mayGiveUp(entry.getKey()))
            .mapToLong(Map.Entry::getValue)
            .min()
            .orElse(0);
    for (Follower follower : routing.followers().list()) {
      String name = follower.name();
      if (routing.mayGiveUp(name) && retained.getOrDefault(name, needed) < needed) {
        rerouting.giveUp(follower);
      }
    }
  }
}
