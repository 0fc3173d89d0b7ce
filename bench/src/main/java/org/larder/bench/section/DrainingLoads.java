package org.larder.bench.section;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.larder.bench.Effort;
import org.larder.bench.Measurement;
import org.larder.bench.Targets;
import org.larder.bench.load.KeySequence;
import org.larder.bench.load.LoadResult;
import org.larder.bench.load.Pace;
import org.larder.bench.load.TaskRequests;
import org.larder.bench.node.Node;
import org.larder.bench.raw.RawSqlite;
import org.larder.bench.raw.TableCopy;
import org.larder.bench.report.Report;
import org.larder.bench.report.Target;

/** Loads with SQLite draining beside them, each beside plain JDBC with as many rows. */
final class DrainingLoads {
  private static final int BOUND_MB = 128;

  /**
   * No more is offered: it is a third more than was promised, and what is acknowledged beyond the
   * drain's rate has to be drained before the run can end.
   */
  private static final int OFFERED_ITEMS_PER_SECOND = 80_000;

  private final Measurement measurement;
  private final Effort effort;
  private final Report report;

  DrainingLoads(Measurement measurement) {
    this.measurement = measurement;
    this.effort = measurement.effort();
    this.report = measurement.report();
  }

  void run(int run) throws IOException, SQLException {
    for (Shape shape : Shape.draining(run)) {
      measurement.say("run " + run + ", SQLite drains, random keys, " + shape);
      drain(shape, KeySequence.random(run), "random keys");
    }
    measurement.say("run " + run + ", SQLite drains, ordered keys");
    drain(Shape.FIRST, KeySequence.ordered(), "ordered keys");
    measurement.say("run " + run + ", at the journal's bound");
    atBound(run);
  }

  private void drain(Shape shape, KeySequence keys, String order) throws IOException, SQLException {
    report.begin("ingest: SQLite drains beside it, " + order + ", batch x connections");
    Duration duration = shape.promised() ? effort.draining() : effort.side();
    TableCopy table;
    long warmUpRows;
    Drained drained;
    try (Node node =
        Node.start(
            measurement
                .newNode("draining")
                .withBuffer("max_journal_mb", IngestSection.ENDLESS_JOURNAL_MB))) {
      warmUpRows = Loads.warmUp(node, keys, shape, DrainingLoads::offered, effort.warmUp());
      node.flush();
      TaskRequests requests =
          new TaskRequests(shape.items(), shape.connections(), keys, warmUpRows);
      drained = drain(node, requests, shape, duration);
      table = TableCopy.of(node.database(), TableCopy.Writer.of(node.setup().config()));
    }
    LoadResult load = drained.load;
    Report.Figure rate = report.add(shape + " acknowledged", "items/s", load.itemsPerSecond());
    rate.note("of %,d offered".formatted(OFFERED_ITEMS_PER_SECOND));
    if (shape.promised() && order.startsWith("random")) {
      rate.target(Target.atLeast(Targets.DRAINING_ITEMS_PER_SECOND));
    }
    IngestSection.latencies(report, shape + "", load);
    report.count(shape + " refused with 503", "", load.refused()).target(Target.atMost(0));
    Report.Figure through =
        report.add(shape + " until all are in SQLite", "rows/s", drained.throughPerSecond());
    Report.Figure cpu = report.add(shape + " node's CPU", "us/item", drained.cpuMicrosPerItem());
    if (shape.promised()) {
      RawSqlite.Result raw =
          RawSqlite.run(measurement.folder("raw"), table, keys, warmUpRows, load.items());
      report
          .add(shape + " plain JDBC, as many rows", "rows/s", raw.perSecond())
          .note("the node's own table, 1,000 rows a transaction, as they come");
      report.add(shape + " plain JDBC's CPU", "us/row", raw.cpuMicrosPerRow());
      double times = drained.throughPerSecond() / raw.perSecond();
      Report.Figure ratio = report.add(shape + " times plain JDBC", "x", times);
      if (order.startsWith("random")) {
        ratio.target(Target.atLeast(Targets.RANDOM_KEYS_OF_RAW));
      } else {
        through.target(Target.atLeast(Targets.ORDERED_ROWS_PER_SECOND));
      }
      cpu.target(
          Target.atMost(raw.cpuMicrosPerRow() + Targets.THROUGH_CPU_MICROS_OVER_RAW)
              .because("plain JDBC's + 12"));
    }
    report.add(shape + " after the load, draining alone", "rows/s", drained.alonePerSecond());
  }

  private static Pace offered(Shape shape) {
    return Pace.closedLoop(
        Duration.ofSeconds(1).multipliedBy(shape.items()).dividedBy(OFFERED_ITEMS_PER_SECOND));
  }

  /** What a load with draining did, up to the last row in the database. */
  private record Drained(
      LoadResult load, Duration all, Duration alone, long rowsAlone, long cpuMicros) {
    double throughPerSecond() {
      return load.items() * 1e9 / all.toNanos();
    }

    double alonePerSecond() {
      return rowsAlone * 1e9 / alone.toNanos();
    }

    double cpuMicrosPerItem() {
      return (double) cpuMicros / load.items();
    }
  }

  private static Drained drain(Node node, TaskRequests requests, Shape shape, Duration duration)
      throws IOException, SQLException {
    long cpuBefore = node.figures().cpuMicros();
    long rowsBefore = rows(node);
    long begin = System.nanoTime();
    LoadResult load = Loads.run(node, requests, shape.connections(), offered(shape), duration);
    long loaded = System.nanoTime();
    long rowsLoaded = rows(node) - rowsBefore;
    node.flush();
    long end = System.nanoTime();
    long rows = rows(node) - rowsBefore;
    if (rows != load.items()) {
      throw new IOException(load.items() + " acknowledged, but " + rows + " rows after a flush");
    }
    return new Drained(
        load,
        Duration.ofNanos(end - begin),
        Duration.ofNanos(end - loaded),
        rows - rowsLoaded,
        node.figures().cpuMicros() - cpuBefore);
  }

  /** A journal so small that it fills: writes are then taken at the rate of the drain. */
  private void atBound(int run) throws IOException, SQLException {
    report.begin("ingest: at the journal's bound of " + BOUND_MB + " MB, 1000 x 8");
    KeySequence keys = KeySequence.random(run);
    Shape shape = Shape.FIRST;
    try (Node node =
        Node.start(measurement.newNode("bound").withBuffer("max_journal_mb", BOUND_MB))) {
      long next = Loads.warmUp(node, keys, shape, effort.warmUp());
      TaskRequests filling = new TaskRequests(shape.items(), shape.connections(), keys, next);
      LoadResult before = Loads.closedLoop(node, filling, shape.connections(), effort.draining());
      TaskRequests requests =
          new TaskRequests(shape.items(), shape.connections(), keys, filling.end());
      long rowsBefore = rows(node);
      LoadResult load = Loads.closedLoop(node, requests, shape.connections(), effort.draining());
      long drained = rows(node) - rowsBefore;
      report.count("refused with 503 while it fills", "", before.refused());
      report.count("refused with 503 then", "", load.refused());
      report.add("acknowledged then", "items/s", load.itemsPerSecond());
      report.add("drained meanwhile", "rows/s", drained * 1e9 / load.taken().toNanos());
      report.add("p99 of the acknowledged, refusals included", "ms", load.percentileMs(99));
    }
  }

  private static long rows(Node node) throws IOException, SQLException {
    try (Connection connection = TableCopy.openToRead(node.database());
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT count(*) FROM translation_tasks")) {
      return count.getLong(1);
    }
  }
}
