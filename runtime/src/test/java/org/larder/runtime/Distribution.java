package org.larder.runtime;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The distribution under test, as the build has put it together. */
final class Distribution {
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");

  private final Path home;
  private final Properties settings = new Properties();

  private Distribution(Path home) {
    this.home = home;
    try (Reader reader =
        Files.newBufferedReader(home.resolve("conf/config.properties"), StandardCharsets.UTF_8)) {
      settings.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Distribution underTest() {
    return new Distribution(Path.of(System.getProperty("larder.distribution")).toAbsolutePath());
  }

  /** A bundle of the list, with the level at which it starts. */
  record Entry(String url, int startLevel, boolean start) {}

  Path home() {
    return home;
  }

  /** The bundles that {@code conf/config.properties} lists, as the launcher would install them. */
  List<Entry> bundles() {
    List<Entry> entries = new ArrayList<>();
    settings.stringPropertyNames().stream()
        .filter(name -> name.matches("felix\\.auto\\.(start|install)\\.\\d+"))
        .sorted((a, b) -> Integer.compare(level(a), level(b)))
        .forEach(
            name ->
                QUOTED
                    .matcher(settings.getProperty(name))
                    .results()
                    .map(MatchResult::group)
                    .map(quoted -> quoted.substring(1, quoted.length() - 1))
                    .map(url -> url.replace("${larder.home}", home.toString()))
                    .forEach(
                        url ->
                            entries.add(
                                new Entry(url, level(name), name.startsWith("felix.auto.start")))));
    return entries;
  }

  /** Files in {@code bundle/} or {@code plugins/}. */
  List<Path> jars(String folder) {
    try (Stream<Path> files = Files.list(home.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A configuration folder with the samples, as an operator would have it. */
  Path copyOfConfig(Path target) throws IOException {
    Files.createDirectories(target);
    try (Stream<Path> samples = Files.list(home.resolve("config"))) {
      for (Path sample : samples.toList()) {
        Files.copy(
            sample, target.resolve(sample.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return target;
  }

  /** The framework properties, with the values that {@code bin/larder} would fill in. */
  Properties frameworkProperties(Path data, Path config, int port) {
    Properties filled = new Properties();
    for (String name : settings.stringPropertyNames()) {
      if (!name.startsWith("felix.auto.")) {
        filled.setProperty(
            name,
            settings
                .getProperty(name)
                .replace("${larder.home}", home.toString())
                .replace("${larder.config}", config.toString())
                .replace("${larder.data}", data.toString())
                .replace("${larder.cache}", data.resolve("run/cache-test").toString())
                .replace("${larder.http.host}", "127.0.0.1")
                .replace("${larder.http.port}", Integer.toString(port)));
      }
    }
    filled.setProperty("larder.home", home.toString());
    filled.setProperty("larder.data", data.toString());
    filled.setProperty("larder.config", config.toString());
    filled.setProperty("larder.cache", data.resolve("run/cache-test").toString());
    filled.setProperty("larder.http.host", "127.0.0.1");
    filled.setProperty("larder.http.port", Integer.toString(port));
    return filled;
  }

  private static int level(String name) {
    return Integer.parseInt(name.substring(name.lastIndexOf('.') + 1));
  }
}
