package org.larder.bench.section;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;
import org.larder.bench.Measurement;
import org.larder.bench.jmh.JournalAppend;
import org.larder.bench.jmh.RowEncoding;
import org.larder.bench.report.Report;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Microbenchmarks of the parts, in processes of their own. */
public final class JmhSection implements Measurement.Section {
  private static final int WARM_UPS = 2;
  private static final int ITERATIONS = 3;

  @Override
  public void run(Measurement measurement) throws IOException, RunnerException {
    Report report = measurement.report();
    report.begin("parts (JMH, " + ITERATIONS + " iterations, mean)");
    TimeValue iteration = TimeValue.seconds(measurement.effort().jmhSeconds());
    Path output = measurement.work().resolve("jmh.txt");
    OptionsBuilder options = new OptionsBuilder();
    options
        .include(JournalAppend.class.getName() + ".*")
        .include(RowEncoding.class.getName() + ".*")
        .forks(1)
        .warmupIterations(WARM_UPS)
        .warmupTime(iteration)
        .measurementIterations(ITERATIONS)
        .measurementTime(iteration)
        .jvmArgsAppend("-Dlarder.bench.work=" + measurement.work())
        .shouldFailOnError(true)
        .output(output.toString());
    measurement.say("microbenchmarks");
    Collection<RunResult> results = new Runner(options.build()).run();
    for (RunResult result : results) {
      String parameters =
          result.getParams().getParamsKeys().stream()
              .map(key -> ", " + key + " " + result.getParams().getParam(key))
              .collect(Collectors.joining());
      String name = result.getParams().getBenchmark().replaceAll(".*\\.(\\w+\\.\\w+)$", "$1");
      report.add(name + parameters, "/s", result.getPrimaryResult().getScore());
    }
  }
}
