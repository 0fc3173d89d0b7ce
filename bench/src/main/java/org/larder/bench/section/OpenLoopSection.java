package org.larder.bench.section;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.larder.bench.Effort;
import org.larder.bench.Measurement;
import org.larder.bench.Targets;
import org.larder.bench.load.KeySequence;
import org.larder.bench.load.LoadLoop;
import org.larder.bench.load.LoadResult;
import org.larder.bench.load.Pace;
import org.larder.bench.load.TaskRequests;
import org.larder.bench.node.Node;
import org.larder.bench.raw.RawAppend;
import org.larder.bench.report.Report;
import org.larder.bench.report.Target;

/** Latency at a steady rate, counted from intended starts, beside the disk at the same rate. */
public final class OpenLoopSection implements Measurement.Section {
  private static final Duration INTERVAL = Duration.ofMillis(20);
  private static final int ITEMS = 100;
  private static final int CONNECTIONS = 16;
  private static final double NANOS_PER_MS = 1e6;

  @Override
  public void run(Measurement measurement) throws IOException {
    for (int run = 1; run <= measurement.effort().runs(); run++) {
      measurement.say("run " + run + ", 50 requests/s of 100 items");
      measure(measurement, KeySequence.random(run));
    }
  }

  private static void measure(Measurement measurement, KeySequence keys) throws IOException {
    Effort effort = measurement.effort();
    Report report = measurement.report();
    report.begin("open loop: 50 requests/s of 100 items, SQLite drains, from intended starts");
    try (Node node = Node.start(measurement.newNode("node"))) {
      TaskRequests requests = new TaskRequests(ITEMS, CONNECTIONS, keys, 0);
      Duration half = effort.openLoop().dividedBy(2);
      Path file = measurement.folder("append").resolve("file");
      Loads.warmUp(node, KeySequence.random(-1), Shape.WARM_UP, effort.warmUp());
      node.flush();
      // The disk alone before and after, so that what else happens on it falls on both.
      Histogram disk = RawAppend.run(file, requests.bodyBytes(), INTERVAL, half).latencies();
      LoadResult load;
      try (LoadLoop loop = new LoadLoop(node.port(), CONNECTIONS, requests)) {
        loop.run(Pace.openLoop(INTERVAL), effort.warmUp(), LoadLoop.UNLIMITED).orFail();
        load = loop.run(Pace.openLoop(INTERVAL), effort.openLoop(), LoadLoop.UNLIMITED);
        load.orFail();
      }
      disk.add(RawAppend.run(file, requests.bodyBytes(), INTERVAL, half).latencies());
      double diskP99 = disk.getValueAtPercentile(99) / NANOS_PER_MS;
      double twice = Targets.OPEN_LOOP_P99_OF_RAW * diskP99;
      report.add("p50", "ms", load.percentileMs(50));
      report
          .add("p99", "ms", load.percentileMs(99))
          .target(
              twice > Targets.OPEN_LOOP_P99_MS
                  ? Target.atMost(twice).because("2 x the disk's")
                  : Target.atMost(Targets.OPEN_LOOP_P99_MS));
      report.add("p99.9", "ms", load.percentileMs(99.9));
      report.add("max", "ms", load.percentileMs(100));
      report.count("requests", "", load.requests());
      report.count("refused with 503", "", load.refused()).target(Target.atMost(0));
      report
          .add("raw append + force at the same rate, p50", "ms", at(disk, 50))
          .note(requests.bodyBytes() + " bytes each, half before and half after");
      report.add("raw append + force at the same rate, p99", "ms", diskP99);
      report.add("p99, times that of raw append", "x", load.percentileMs(99) / diskP99);
    }
  }

  private static double at(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / NANOS_PER_MS;
  }
}
