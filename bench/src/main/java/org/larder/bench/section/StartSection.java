package org.larder.bench.section;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.larder.bench.Effort;
import org.larder.bench.Measurement;
import org.larder.bench.Targets;
import org.larder.bench.load.KeySequence;
import org.larder.bench.load.TaskRequests;
import org.larder.bench.node.Jdk;
import org.larder.bench.node.Node;
import org.larder.bench.report.Report;
import org.larder.bench.report.Target;

/** How long a start takes and how much memory a node holds, on every JDK that is found. */
public final class StartSection implements Measurement.Section {
  private static final double MEGABYTE = 1e6;
  private static final int ITEMS = 1_000;
  private static final int CONNECTIONS = 8;

  @Override
  public void run(Measurement measurement) throws IOException {
    for (Jdk jdk : Jdk.all()) {
      measurement.report().begin("start and memory on JDK " + jdk.major());
      for (int run = 1; run <= measurement.effort().runs(); run++) {
        measurement.say("run " + run + " on JDK " + jdk.major());
        measure(measurement, jdk, run <= measurement.effort().idleRuns());
      }
    }
  }

  private static void measure(Measurement measurement, Jdk jdk, boolean memory) throws IOException {
    Effort effort = measurement.effort();
    Report report = measurement.report();
    try (Node node = Node.start(measurement.newNode("start").on(jdk))) {
      report
          .add("start to the first 200 of /health/ready", "s", node.readyAfter().toMillis() / 1e3)
          .target(Target.atMost(Targets.START_SECONDS));
      if (!memory) {
        return;
      }
      pause(effort.idle());
      report
          .add("resident, idle for " + effort.idle().toSeconds() + " s", "MB", resident(node))
          .target(Target.atMost(Targets.IDLE_MEGABYTES));
      TaskRequests requests =
          new TaskRequests(ITEMS, CONNECTIONS, KeySequence.random(jdk.major()), 0);
      Loads.closedLoop(node, requests, CONNECTIONS, effort.side());
      report.add("resident at the end of a load of 1000 x 8", "MB", resident(node));
    }
  }

  private static double resident(Node node) throws IOException {
    return node.figures().residentBytes() / MEGABYTE;
  }

  private static void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
