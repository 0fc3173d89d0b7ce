package org.larder.bench.node;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a node is started.
 *
 * @param distribution the folder with bin/larder
 * @param folder where its data, configuration and console output go
 * @param jdk what it runs on
 * @param buffer keys of larder.buffer.cfg that differ from the distribution's
 */
public record NodeSetup(Path distribution, Path folder, Jdk jdk, Map<String, String> buffer) {

  /** Copies the map. */
  public NodeSetup {
    buffer = Map.copyOf(buffer);
  }

  /** A node as it is shipped, on the JDK that runs this program. */
  public static NodeSetup shipped(Path distribution, Path folder) {
    return new NodeSetup(distribution, folder, Jdk.current(), Map.of());
  }

  /** The same with another value in larder.buffer.cfg. */
  public NodeSetup withBuffer(String key, Object value) {
    Map<String, String> changed = new TreeMap<>(buffer);
    changed.put(key, value.toString());
    return new NodeSetup(distribution, folder, jdk, changed);
  }

  /** The same on another JDK. */
  public NodeSetup on(Jdk other) {
    return new NodeSetup(distribution, folder, other, buffer);
  }

  /** The data folder. */
  public Path data() {
    return folder.resolve("data");
  }

  /** The configuration folder. */
  public Path config() {
    return folder.resolve("config");
  }
}
