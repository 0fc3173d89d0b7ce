package org.larder.prove.mischief;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.larder.prove.database.DatabaseServer;

/**
 * The node is killed with SIGKILL and started again, sometimes killed once more as it starts, and
 * sometimes together with the database.
 */
public final class Crash implements Mischief {
  /** The ways to crash with a database that is a file. */
  public static final List<String> WAYS_WITH_FILE = List.of("node");

  /** The ways to crash with a database that is a server. */
  public static final List<String> WAYS_WITH_SERVER = List.of("node", "both");

  private static final int KILL_AGAIN_EVERY = 3;
  private static final int LONGEST_START_MS = 4_000;

  @Override
  public void run(Stage stage) throws IOException {
    Duration longest = Duration.ZERO;
    List<String> ways = stage.options().ways();
    for (int round = 1; round <= stage.options().rounds(); round++) {
      stage.rest(round);
      // Not always at the same place of a flush interval.
      stage.pause(Duration.ofMillis(stage.random().nextInt(400)));
      long begin = System.nanoTime();
      String what = kill(stage, ways.get((round - 1) % ways.size()));
      stage.node().launch();
      if (round % KILL_AGAIN_EVERY == 0) {
        int after = stage.random().nextInt(LONGEST_START_MS);
        stage.pause(Duration.ofMillis(after));
        stage.node().kill();
        stage.node().launch();
        what += ", once more " + after + " ms into the start";
      }
      stage.node().awaitReady();
      Duration ready = stage.node().node().readyAfter();
      longest = ready.compareTo(longest) > 0 ? ready : longest;
      stage.done(round, what, begin);
    }
    stage.figure("longest start to ready after a kill", longest.toMillis() / 1e3 + " s");
  }

  private static String kill(Stage stage, String way) throws IOException {
    if (way.equals("node")) {
      stage.node().kill();
      return "kill -9";
    }
    DatabaseServer server = stage.database().server().orElseThrow();
    if (stage.random().nextBoolean()) {
      server.kill();
      stage.node().kill();
    } else {
      stage.node().kill();
      server.kill();
    }
    server.start();
    return "kill -9 of node and database";
  }

  @Override
  public void judge(Stage stage) {
    if (stage.answers().wrong() > 0) {
      stage.fault("a write was answered with neither 202 nor a refusal");
    }
  }
}
