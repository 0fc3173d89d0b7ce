package org.larder.prove.mischief;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.larder.prove.database.DatabaseServer;

/**
 * The node is killed with SIGKILL and started again, alone or together with the database, once or
 * once more as it starts.
 */
public final class Crash implements Mischief {
  private static final String NODE = "node";
  private static final String NODE_AGAIN = "node-again";
  private static final String BOTH = "both";
  private static final String DATABASE_FIRST = "database-first";

  /** The ways to crash with a database that is a file. */
  public static final List<String> WAYS_WITH_FILE = List.of(NODE, NODE_AGAIN);

  /** The ways to crash with a database that is a server. */
  public static final List<String> WAYS_WITH_SERVER =
      List.of(NODE, NODE_AGAIN, BOTH, DATABASE_FIRST);

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
      stage.node().awaitReady();
      Duration ready = stage.node().node().readyAfter();
      longest = ready.compareTo(longest) > 0 ? ready : longest;
      stage.done(round, what, begin);
    }
    stage.figure("longest start to ready after a kill", longest.toMillis() / 1e3 + " s");
  }

  private static String kill(Stage stage, String way) throws IOException {
    return switch (way) {
      case NODE -> {
        stage.node().kill();
        yield "kill -9";
      }
      case NODE_AGAIN -> {
        stage.node().kill();
        stage.node().launch();
        int after = stage.random().nextInt(LONGEST_START_MS);
        stage.pause(Duration.ofMillis(after));
        stage.node().kill();
        yield "kill -9, once more " + after + " ms into the start";
      }
      case BOTH -> {
        DatabaseServer server = stage.database().server().orElseThrow();
        stage.node().kill();
        server.kill();
        server.start();
        yield "kill -9 of node and database";
      }
      case DATABASE_FIRST -> {
        DatabaseServer server = stage.database().server().orElseThrow();
        server.kill();
        stage.node().kill();
        server.start();
        yield "kill -9 of database and node";
      }
      default -> throw new IllegalArgumentException("no way is named " + way);
    };
  }

  @Override
  public void judge(Stage stage) {
    if (stage.answers().wrong() > 0) {
      stage.fault("a write was answered with neither 202 nor a refusal");
    }
  }
}
