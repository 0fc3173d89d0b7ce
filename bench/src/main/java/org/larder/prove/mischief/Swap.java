package org.larder.prove.mischief;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.larder.prove.node.BackendBundle;
import org.larder.prove.node.PluginJars;

/** The backend's bundle is stopped, updated, replaced and removed in the middle of batches. */
public final class Swap implements Mischief {
  /** The ways to swap, in the order in which they are used. */
  public static final List<String> WAYS =
      List.of("update", "drop-in", "stop", "remove", "side-by-side");

  @Override
  public void run(Stage stage) throws IOException {
    BackendBundle bundle = new BackendBundle(stage.node(), stage.database().bundle());
    PluginJars jars =
        new PluginJars(stage.node().setup().distribution(), stage.database().bundle());
    List<String> ways = stage.options().ways();
    for (int round = 1; round <= stage.options().rounds(); round++) {
      stage.rest(round);
      String way = ways.get((round - 1) % ways.size());
      long begin = System.nanoTime();
      String version = "9.0." + round;
      switch (way) {
        case "update" -> bundle.update();
        case "drop-in" -> dropIn(bundle, jars, version);
        case "stop" -> {
          bundle.stop();
          bundle.start();
        }
        case "remove" -> remove(bundle, jars);
        default -> sideBySide(bundle, jars, version);
      }
      stage.done(round, way, begin);
    }
  }

  @Override
  public void judge(Stage stage) throws IOException {
    stage.requireOnlyAccepted();
    checkLibrary(stage);
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

  private static void checkLibrary(Stage stage) throws IOException {
    if (stage.database().nativeLibrary().isPresent()) {
      Set<String> mapped = stage.node().mapped(stage.database().nativeLibrary().get());
      stage.figure("native libraries of the database in memory", "" + mapped.size());
      if (mapped.size() != 1) {
        stage.fault("one native library should be mapped, not " + mapped);
      }
    }
  }
}
