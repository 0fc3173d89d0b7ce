package org.larder.prove.mischief;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.larder.prove.database.Outage;

/** The database is taken away for seconds. */
public final class Interruption implements Mischief {
  /** The outages of a database that is a file. */
  public static final List<String> WAYS_WITH_FILE = List.of("lock", "stop");

  /** The outages of a database that is a server. */
  public static final List<String> WAYS_WITH_SERVER = List.of("kill", "shutdown", "pause", "stop");

  @Override
  public void run(Stage stage) throws IOException {
    Map<String, Outage> outages = stage.database().outages(stage.node());
    List<String> ways = stage.options().ways();
    for (int round = 1; round <= stage.options().rounds(); round++) {
      stage.rest(round);
      String way = ways.get((round - 1) % ways.size());
      Outage outage = outages.get(way);
      if (outage == null) {
        throw new IOException("no outage is named " + way + ": " + outages.keySet());
      }
      long begin = System.nanoTime();
      outage.begin();
      long lag;
      try {
        stage.say(
            "round " + round + ": outage by " + way + " for " + stage.options().hold() + " s");
        stage.pause(Duration.ofSeconds(stage.options().hold()));
        lag = stage.node().lag(stage.database().backends().get(0));
      } finally {
        outage.end();
      }
      stage.done(round, way + ", " + lag + " records behind at its end", begin);
      if (lag == 0) {
        stage.unproved("nothing was waiting at the end of outage " + round + " by " + way);
      }
    }
  }

  @Override
  public void judge(Stage stage) throws IOException {
    stage.requireOnlyAccepted();
    stage.requireOneLibrary();
  }
}
