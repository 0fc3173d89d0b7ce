package org.larder.prove.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A file with keys and values in a node's configuration. */
public final class ConfigFile {
  private ConfigFile() {}

  /** Gives keys other values; those that are not there yet come last. */
  public static void change(Path file, Map<String, String> values) throws IOException {
    copy(file, file, values);
  }

  /** Writes the same to another file, with other values. */
  public static void copy(Path from, Path to, Map<String, String> values) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(from)) {
      if (!values.containsKey(line.split("[ =]", 2)[0])) {
        lines.add(line);
      }
    }
    new TreeMap<>(values).forEach((key, value) -> lines.add(key + " = " + value));
    Files.write(to, lines);
  }
}
