package org.larder.prove.mischief;

import java.io.IOException;
import java.time.Duration;

/** The node is killed with SIGKILL and started again, sometimes killed once more as it starts. */
public final class Crash implements Mischief {
  private static final int KILL_AGAIN_EVERY = 3;
  private static final int LONGEST_START_MS = 4_000;

  @Override
  public void run(Stage stage) throws IOException {
    Duration longest = Duration.ZERO;
    for (int round = 1; round <= stage.options().rounds(); round++) {
      stage.rest(round);
      // Not always at the same place of a flush interval.
      stage.pause(Duration.ofMillis(stage.random().nextInt(400)));
      long begin = System.nanoTime();
      stage.node().kill();
      stage.node().launch();
      String what = "kill -9";
      if (round % KILL_AGAIN_EVERY == 0) {
        int after = stage.random().nextInt(LONGEST_START_MS);
        stage.pause(Duration.ofMillis(after));
        stage.node().kill();
        stage.node().launch();
        what = "kill -9, once more " + after + " ms into the start";
      }
      stage.node().awaitReady();
      Duration ready = stage.node().node().readyAfter();
      longest = ready.compareTo(longest) > 0 ? ready : longest;
      stage.done(round, what, begin);
    }
    stage.figure("longest start to ready after a kill", longest.toMillis() / 1e3 + " s");
  }

  @Override
  public void judge(Stage stage) {
    if (stage.answers().wrong() > 0) {
      stage.fault("a write was answered with neither 202 nor a refusal");
    }
  }
}
