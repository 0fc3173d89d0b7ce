package org.larder.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.larder.bench.report.JsonReport;
import org.larder.bench.report.Report;
import org.larder.bench.report.Table;
import org.larder.bench.section.CrashSection;
import org.larder.bench.section.IngestSection;
import org.larder.bench.section.JmhSection;
import org.larder.bench.section.MariaDbSection;
import org.larder.bench.section.MigrationSection;
import org.larder.bench.section.MirrorSection;
import org.larder.bench.section.OpenLoopSection;
import org.larder.bench.section.QuerySection;
import org.larder.bench.section.S3Section;
import org.larder.bench.section.StartSection;
import org.larder.bench.section.SwapSection;
import org.larder.prove.node.Folders;

/** The program: runs the sections one after the other and prints what they measured. */
public final class Bench {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private final Options options;
  private final PrintStream out;
  private final Report report = new Report();

  private Bench(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** Exits with 0 also when targets are missed, with 1 when something failed. */
  public static void main(String[] arguments) throws IOException {
    // A bench that is broken off leaves no node behind.
    Runtime.getRuntime().addShutdownHook(new Thread(Bench::endNodes, "larder-bench-end"));
    System.exit(run(List.of(arguments), System.out));
  }

  private static void endNodes() {
    // A database's server is a child of the shell that watches over it.
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  static int run(List<String> arguments, PrintStream out) throws IOException {
    Map<String, Measurement.Section> sections = sections();
    List<String> names = List.copyOf(sections.keySet());
    Options options;
    try {
      options = Options.parse(arguments, names);
    } catch (Options.BadOptionException e) {
      out.println("larder bench: " + e.getMessage());
      return MISUSED;
    }
    if (options.help()) {
      out.print(Options.HELP.formatted(String.join(",", names)));
      return 0;
    }
    if (!Files.isExecutable(options.distribution().resolve("bin/larder"))) {
      out.println("larder bench: there is no bin/larder in " + options.distribution());
      return MISUSED;
    }
    if (!options.only().isEmpty()) {
      sections.keySet().retainAll(options.only());
    }
    return new Bench(options, out).measure(sections);
  }

  private static Map<String, Measurement.Section> sections() {
    Map<String, Measurement.Section> sections = new LinkedHashMap<>();
    sections.put("ingest", new IngestSection());
    sections.put("openloop", new OpenLoopSection());
    sections.put("query", new QuerySection());
    sections.put("crash", new CrashSection());
    sections.put("start", new StartSection());
    sections.put("mariadb", new MariaDbSection());
    sections.put("mirror", new MirrorSection());
    sections.put("swap", new SwapSection());
    sections.put("migration", new MigrationSection());
    sections.put("s3", new S3Section());
    sections.put("jmh", new JmhSection());
    return sections;
  }

  private int measure(Map<String, Measurement.Section> sections) throws IOException {
    Path work =
        options.work().isPresent()
            ? Files.createTempDirectory(
                Files.createDirectories(options.work().get()), "larder-bench-")
            : Files.createTempDirectory("larder-bench-");
    Map<String, String> environment = Surroundings.describe(options, work);
    environment.forEach((name, value) -> out.printf("%-14s %s%n", name, value));
    Instant begin = Instant.now();
    try {
      sections.forEach((name, section) -> run(name, section, work));
    } finally {
      if (!options.keep()) {
        Folders.delete(work);
      }
    }
    environment.put("taken_seconds", "" + Duration.between(begin, Instant.now()).toSeconds());
    Table.print(report.lines(), out);
    out.println();
    if (options.json().isPresent()) {
      JsonReport.write(report, environment, options.json().get());
    }
    report.failures().forEach(failure -> out.println("FAILED " + failure));
    return report.failures().isEmpty() ? 0 : FAILED;
  }

  private void run(String name, Measurement.Section section, Path work) {
    out.println(name + " ...");
    report.begin(name);
    try {
      section.run(
          new Measurement(
              options.distribution(),
              Effort.of(options),
              Files.createDirectories(work.resolve(name)),
              report,
              out,
              new AtomicInteger(),
              options.keep()));
      if (!options.keep()) {
        Folders.delete(work.resolve(name));
      }
    } catch (Exception e) {
      // One section that cannot be measured does not keep the others from it.
      report.fail(describe(e));
    }
  }

  private static String describe(Exception failure) {
    String place =
        Stream.of(failure.getStackTrace())
            .filter(frame -> frame.getClassName().startsWith("org.larder."))
            .map(frame -> " in " + frame)
            .findFirst()
            .orElse("");
    return failure + place;
  }
}
