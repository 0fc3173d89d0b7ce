package org.larder.bench.section;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.larder.bench.Effort;
import org.larder.bench.Measurement;
import org.larder.bench.Targets;
import org.larder.bench.http.Connection;
import org.larder.bench.load.KeySequence;
import org.larder.bench.load.LoadLoop;
import org.larder.bench.load.LoadResult;
import org.larder.bench.load.Pace;
import org.larder.bench.load.Requests;
import org.larder.bench.load.TaskRequests;
import org.larder.bench.node.Node;
import org.larder.bench.node.NodeSetup;
import org.larder.bench.node.ProcessFigures;
import org.larder.bench.raw.RawAppend;
import org.larder.bench.report.Report;
import org.larder.bench.report.Target;

/** How fast tasks are acknowledged with nothing draining, beside the disk and beside a no-op. */
public final class IngestSection implements Measurement.Section {
  /** Far more than a run can fill: only the run at the bound is to meet the bound. */
  static final int ENDLESS_JOURNAL_MB = 40_000;

  private static final byte[] NO_OP = Connection.get("/health/live");

  @Override
  public void run(Measurement measurement) throws IOException, SQLException {
    Effort effort = measurement.effort();
    DrainingLoads draining = new DrainingLoads(measurement);
    for (int run = 1; run <= effort.runs(); run++) {
      for (Shape shape : Shape.held(run)) {
        measurement.say("run " + run + ", nothing drains, " + shape);
        held(measurement, shape, run);
      }
      draining.run(run);
    }
  }

  private static void held(Measurement measurement, Shape shape, int run) throws IOException {
    Effort effort = measurement.effort();
    Report report = measurement.report();
    report.begin("ingest: acknowledged after force, nothing drains, batch x connections");
    KeySequence keys = KeySequence.random(run);
    NodeSetup setup =
        measurement
            .newNode("held")
            .withBuffer("hold_followers", true)
            .withBuffer("max_journal_mb", ENDLESS_JOURNAL_MB);
    try (Node node = Node.start(setup)) {
      long next = Loads.warmUp(node, keys, shape, effort.warmUp());
      TaskRequests requests = new TaskRequests(shape.items(), shape.connections(), keys, next);
      Duration duration = shape.promised() ? effort.held() : effort.side();
      long cpuBefore = node.figures().cpuMicros();
      long ownBefore = ProcessFigures.own().cpuMicros();
      LoadResult load = Loads.closedLoop(node, requests, shape.connections(), duration);
      double cpu = (double) (node.figures().cpuMicros() - cpuBefore) / load.items();
      double own = (double) (ProcessFigures.own().cpuMicros() - ownBefore) / load.items();
      RawAppend.Result disk =
          RawAppend.run(
              measurement.folder("append").resolve("file"),
              requests.bodyBytes(),
              Duration.ZERO,
              effort.side());
      Report.Figure rate = report.add(shape + " acknowledged", "items/s", load.itemsPerSecond());
      if (shape.items() == 1 && shape.promised()) {
        rate.target(single(noOp(measurement, node, shape, load)));
      } else if (shape.promised()) {
        rate.target(
            Target.atLeast(
                shape.items() == 100
                    ? Targets.HELD_100_ITEMS_PER_SECOND
                    : Targets.HELD_1000_ITEMS_PER_SECOND));
      }
      latencies(report, shape + "", load);
      Report.Figure micros = report.add(shape + " node's CPU", "us/item", cpu);
      if (shape.items() >= 100) {
        micros.target(Target.atMost(Targets.ACKNOWLEDGE_CPU_MICROS));
      }
      report.add(shape + " load generator's CPU", "us/item", own);
      report
          .add(shape + " raw append + force, one thread", "/s", disk.perSecond())
          .note(requests.bodyBytes() + " bytes each, as much as a request's body");
      report.add(
          shape + " items/s, times those of raw append",
          "x",
          load.itemsPerSecond() / (disk.perSecond() * shape.items()));
      report.count(shape + " refused with 503", "", load.refused()).target(Target.atMost(0));
    }
  }

  private static double noOp(Measurement measurement, Node node, Shape shape, LoadResult single)
      throws IOException {
    Requests requests = Requests.repeated(NO_OP, shape.connections());
    try (LoadLoop loop = new LoadLoop(node.port(), shape.connections(), requests)) {
      loop.run(Pace.closedLoop(), measurement.effort().warmUp(), LoadLoop.UNLIMITED);
      double rate =
          loop.run(Pace.closedLoop(), measurement.effort().side(), LoadLoop.UNLIMITED)
              .orFail()
              .itemsPerSecond();
      Report report = measurement.report();
      report
          .add(shape + " no-op, GET /health/live", "/s", rate)
          .note("the node's cheapest answer stands for an endpoint that does nothing");
      report.add(shape + " times the no-op", "x", single.itemsPerSecond() / rate);
      return rate;
    }
  }

  private static Target single(double noOpRate) {
    double share = Targets.HELD_SINGLE_OF_NO_OP * noOpRate;
    return share < Targets.HELD_SINGLE_ITEMS_PER_SECOND
        ? Target.atLeast(share).because("0.7 x no-op")
        : Target.atLeast(Targets.HELD_SINGLE_ITEMS_PER_SECOND);
  }

  static void latencies(Report report, String name, LoadResult load) {
    report.add(name + " p50", "ms", load.percentileMs(50));
    report.add(name + " p99", "ms", load.percentileMs(99));
    report.add(name + " max", "ms", load.percentileMs(100));
  }
}
