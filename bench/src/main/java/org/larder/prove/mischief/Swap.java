package org.larder.prove.mischief;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.larder.prove.node.BackendBundle;
import org.larder.prove.node.PluginJars;

/**
 * The backend is exchanged in the middle of batches: its bundle is stopped, updated, replaced and
 * removed, the route is led elsewhere and back, and a write is left hanging.
 */
public final class Swap implements Mischief {
  private static final String ROUTE = "route";
  private static final String HANG = "hang";

  /** The ways to swap a backend that is a file. */
  public static final List<String> WAYS_WITH_FILE =
      List.of("update", "drop-in", "stop", "remove", "side-by-side", ROUTE, "route-alone");

  /** The ways to swap a backend whose database is a server. */
  public static final List<String> WAYS_WITH_SERVER =
      List.of(
          "update",
          "drop-in",
          "stop",
          "remove",
          "side-by-side",
          ROUTE,
          "route-alone",
          "route-sqlite",
          "route-sqlite-alone",
          HANG,
          "hang-early");

  /** Whether the records are led to another backend in one of these ways. */
  public static boolean leadElsewhere(List<String> ways) {
    return ways.stream().anyMatch(way -> way.startsWith(ROUTE));
  }

  /** Whether a write does not end in one of these ways. */
  public static boolean leaveHanging(List<String> ways) {
    return ways.stream().anyMatch(way -> way.startsWith(HANG));
  }

  @Override
  public void run(Stage stage) throws IOException {
    BackendBundle bundle = new BackendBundle(stage.node(), stage.database().bundle());
    PluginJars jars =
        new PluginJars(stage.node().setup().distribution(), stage.database().bundle());
    RouteSwap routes = new RouteSwap(stage);
    HangingWrite hanging = new HangingWrite(stage, bundle);
    List<String> backends = stage.database().backends();
    List<String> others = backends.subList(1, backends.size());
    List<String> ways = stage.options().ways();
    for (int round = 1; round <= stage.options().rounds(); round++) {
      stage.rest(round);
      String way = ways.get((round - 1) % ways.size());
      long begin = System.nanoTime();
      String version = "9.0." + round;
      String what = way;
      switch (way) {
        case "update" -> bundle.update();
        case "drop-in" -> dropIn(bundle, jars, version);
        case "stop" -> {
          bundle.stop();
          bundle.start();
        }
        case "remove" -> remove(bundle, jars);
        case "side-by-side" -> sideBySide(bundle, jars, version);
        case ROUTE -> what = routes.run(others.get(0), false);
        case "route-alone" -> what = routes.run(others.get(0), true);
        case "route-sqlite" -> what = routes.run(others.get(1), false);
        case "route-sqlite-alone" -> what = routes.run(others.get(1), true);
        case HANG -> what = hanging.run(round, false);
        case "hang-early" -> what = hanging.run(round, true);
        default -> throw new IllegalArgumentException("no way is named " + way);
      }
      stage.done(round, what, begin);
    }
  }

  @Override
  public void judge(Stage stage) throws IOException {
    stage.requireOnlyAccepted();
    stage.requireOneLibrary();
  }

  private static void dropIn(BackendBundle bundle, PluginJars jars, String version)
      throws IOException {
    jars.replace(version);
    bundle.await("the update by a new jar", all -> all.size() == 1 && all.get(0).isActive(version));
  }

  private static void remove(BackendBundle bundle, PluginJars jars) throws IOException {
    jars.takeAway();
    bundle.await("the removal", List::isEmpty);
    jars.putBack();
    bundle.await("the return", all -> all.size() == 1 && all.get(0).state().equals("Active"));
  }

  private static void sideBySide(BackendBundle bundle, PluginJars jars, String version)
      throws IOException {
    Path older = jars.putBeside(version);
    bundle.await(
        "the start of a second version",
        all -> all.size() == 2 && all.stream().anyMatch(each -> each.isActive(version)));
    Files.delete(older);
    bundle.await(
        "the removal of the older version", all -> all.size() == 1 && all.get(0).isActive(version));
  }
}
