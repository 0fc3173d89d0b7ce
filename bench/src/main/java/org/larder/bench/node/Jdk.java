package org.larder.bench.node;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A JDK that a node can run on.
 *
 * @param home its folder
 * @param major its feature version, 17 for example
 */
public record Jdk(Path home, int major) {
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");
  private static final int OLDEST = 17;

  /** The one that runs this program. */
  public static Jdk current() {
    return new Jdk(Path.of(System.getProperty("java.home")), Runtime.version().feature());
  }

  /**
   * One of each version: this program's, those in the folders of BENCH_JDKS (separated as in PATH),
   * and those under /usr/lib/jvm.
   */
  public static List<Jdk> all() throws IOException {
    List<Path> homes = new ArrayList<>();
    String configured = System.getenv().getOrDefault("BENCH_JDKS", "");
    for (String home : configured.split(File.pathSeparator, -1)) {
      if (!home.isBlank()) {
        homes.add(Path.of(home.strip()));
      }
    }
    Path installed = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(installed)) {
      try (Stream<Path> folders = Files.list(installed)) {
        folders.sorted().forEach(homes::add);
      }
    }
    Map<Integer, Jdk> byVersion = new TreeMap<>();
    byVersion.put(current().major(), current());
    for (Path home : homes) {
      at(home).ifPresent(jdk -> byVersion.putIfAbsent(jdk.major(), jdk));
    }
    return List.copyOf(byVersion.values());
  }

  static Optional<Jdk> at(Path home) throws IOException {
    Path release = home.resolve("release");
    if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin/java"))) {
      return Optional.empty();
    }
    Matcher matcher = VERSION.matcher(Files.readString(release));
    return matcher.find() && Integer.parseInt(matcher.group(1)) >= OLDEST
        ? Optional.of(new Jdk(home, Integer.parseInt(matcher.group(1))))
        : Optional.empty();
  }
}
