package org.larder.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** On what and how was measured: without it a figure says nothing. */
final class Surroundings {
  private static final Path CPU = Path.of("/proc/cpuinfo");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Path LOAD = Path.of("/proc/loadavg");

  private Surroundings() {}

  static Map<String, String> describe(Options options, Path work) throws IOException {
    Effort effort = Effort.of(options);
    Map<String, String> about = new LinkedHashMap<>();
    about.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    about.put("mode", options.quick() ? "quick: shows that it works, not how fast it is" : "full");
    about.put("runs", Integer.toString(effort.runs()));
    about.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    about.put("processor", line(CPU, "model name"));
    about.put("memory", line(MEMORY, "MemTotal"));
    about.put("load_before", Files.exists(LOAD) ? Files.readString(LOAD).strip() : "unknown");
    about.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    about.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    about.put("file_system", Files.getFileStore(work).type());
    return about;
  }

  private static String line(Path file, String name) throws IOException {
    if (!Files.exists(file)) {
      return "unknown";
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }
}
