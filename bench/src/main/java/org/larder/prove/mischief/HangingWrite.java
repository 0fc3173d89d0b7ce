package org.larder.prove.mischief;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.larder.prove.database.DatabaseServer;
import org.larder.prove.node.BackendBundle;

/**
 * The database stops in the middle of a write and keeps the connection; for one thread. The write
 * has to be given up, the bundle can be stopped nevertheless, and what the database does with the
 * old write when it goes on must change nothing. The bundle may be started again while the database
 * still hangs, so that the new writer meets the old write.
 */
final class HangingWrite {
  private static final Duration GIVING_UP_BOUND = Duration.ofSeconds(60);
  private static final Duration STOP_BOUND = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(50);

  private final Stage stage;
  private final BackendBundle bundle;
  private Duration longestStop = Duration.ZERO;

  HangingWrite(Stage stage, BackendBundle bundle) {
    this.stage = stage;
    this.bundle = bundle;
  }

  /**
   * Returns what it did, in words.
   *
   * @param startedEarly whether the bundle is started again before the database goes on
   */
  String run(int round, boolean startedEarly) throws IOException {
    DatabaseServer server = stage.database().server().orElseThrow();
    server.pause();
    Duration stop;
    try {
      awaitGivenUp(round);
      long begin = System.nanoTime();
      bundle.stop();
      stop = Duration.ofNanos(System.nanoTime() - begin);
      if (startedEarly) {
        bundle.start();
      }
    } finally {
      server.resume();
    }
    if (!startedEarly) {
      bundle.start();
    }
    if (stop.compareTo(STOP_BOUND) > 0) {
      stage.fault("the bundle took " + stop.toMillis() + " ms to stop while a write hung");
    }
    longestStop = stop.compareTo(longestStop) > 0 ? stop : longestStop;
    stage.figure(
        "longest stop of the bundle while a write hung",
        String.format(Locale.ROOT, "%.2f s", longestStop.toMillis() / 1e3));
    return "hang, bundle started " + (startedEarly ? "before" : "after") + " the database went on";
  }

  private void awaitGivenUp(int round) throws IOException {
    String backend = stage.database().backends().get(0);
    long begin = System.nanoTime();
    while (!stage.node().follower(backend).path("state").asText().equals("backing_off")) {
      if (System.nanoTime() - begin > GIVING_UP_BOUND.toNanos()) {
        stage.unproved("no write was given up while the database hung in round " + round);
        return;
      }
      stage.pause(POLL);
    }
    stage.say("round " + round + ": the write was given up");
  }
}
