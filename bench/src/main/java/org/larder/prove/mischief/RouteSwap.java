package org.larder.prove.mischief;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.larder.prove.node.Routes;

/** The records are led to another backend and back, by the routes; for one thread. */
final class RouteSwap {
  private static final Duration AWAY = Duration.ofMillis(700);

  private final Stage stage;

  RouteSwap(Stage stage) {
    this.stage = stage;
  }

  /**
   * Returns what it did, in words.
   *
   * @param other the backend that they are led to
   * @param alone whether the first backend is let go of meanwhile, and has to be brought in line
   *     before the way back; otherwise it follows as a mirror
   */
  String run(String other, boolean alone) throws IOException {
    Routes routes = new Routes(stage.node());
    String home = stage.database().backends().get(0);
    routes.lead(home, List.of(other));
    routes.awaitLive(other);
    routes.lead(other, alone ? List.of() : List.of(home));
    routes.awaitSource(other);
    stage.pause(AWAY);
    if (alone) {
      routes.lead(other, List.of(home));
    }
    routes.awaitLive(home);
    routes.lead(home, List.of());
    routes.awaitSource(home);
    return "route to " + other + " and back" + (alone ? ", without a copy meanwhile" : "");
  }
}
