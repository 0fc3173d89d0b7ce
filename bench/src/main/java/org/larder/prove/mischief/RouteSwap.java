package org.larder.prove.mischief;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.larder.prove.node.Routes;

/**
 * The records are led to another backend and back, by the routes; for one thread. Every other time
 * the first backend is let go of meanwhile and has to be brought in line before the way back.
 */
final class RouteSwap {
  private static final Duration AWAY = Duration.ofMillis(700);

  private final Stage stage;
  private int times;

  RouteSwap(Stage stage) {
    this.stage = stage;
  }

  /** Returns what it did, in words. */
  String run() throws IOException {
    Routes routes = new Routes(stage.node());
    List<String> backends = stage.database().backends();
    String home = backends.get(0);
    String other = backends.get(1 + times % (backends.size() - 1));
    boolean lettingGo = times / (backends.size() - 1) % 2 == 1;
    times++;
    routes.lead(home, List.of(other));
    routes.awaitLive(other);
    routes.lead(other, lettingGo ? List.of() : List.of(home));
    routes.awaitSource(other);
    stage.pause(AWAY);
    if (lettingGo) {
      routes.lead(other, List.of(home));
    }
    routes.awaitLive(home);
    routes.lead(home, List.of());
    routes.awaitSource(home);
    return "route to " + other + " and back" + (lettingGo ? ", without a copy meanwhile" : "");
  }
}
