package org.larder.bench.section;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.larder.bench.Measurement;
import org.larder.bench.Targets;
import org.larder.bench.load.KeySequence;
import org.larder.bench.load.LoadResult;
import org.larder.bench.load.Pace;
import org.larder.bench.load.TaskRequests;
import org.larder.bench.node.Node;
import org.larder.bench.node.NodeSetup;
import org.larder.bench.raw.RawMysql;
import org.larder.bench.report.Report;
import org.larder.bench.report.Target;
import org.larder.prove.database.MysqlUnderProof;
import org.larder.prove.database.Premises;
import org.larder.storage.mysql.server.MariaDbServer;

/**
 * What goes through a node into MariaDB by one connection and by several, beside plain JDBC into
 * the same server by as many.
 */
public final class MariaDbSection implements Measurement.Section {
  private static final Shape SHAPE = Shape.FIRST;
  private static final List<Integer> CONNECTIONS = List.of(1, 4);

  /** More than the database takes, so that it is the database that is measured. */
  private static final int OFFERED_ITEMS_PER_SECOND = 60_000;

  @Override
  public void run(Measurement measurement) throws IOException, SQLException {
    for (int run = 1; run <= measurement.effort().runs(); run++) {
      for (int connections : CONNECTIONS) {
        measurement.say(
            "run %d, MariaDB drains by %s, random keys, %s".formatted(run, by(connections), SHAPE));
        measure(measurement, KeySequence.random(run), connections);
      }
    }
  }

  private static String by(int connections) {
    return connections + (connections == 1 ? " connection" : " connections");
  }

  private static void measure(Measurement measurement, KeySequence keys, int connections)
      throws IOException, SQLException {
    Report report = measurement.report();
    report.begin(
        "MariaDB by %s: drains beside the load, random keys, batch x connections of clients"
            .formatted(by(connections)));
    NodeSetup setup =
        measurement.newNode("node").withBuffer("max_journal_mb", IngestSection.ENDLESS_JOURNAL_MB);
    Node.writeConfiguration(setup);
    try (MysqlUnderProof database = new MysqlUnderProof(connections)) {
      database.begin(
          new Premises(
              setup, measurement.folder("server"), Premises.programsBeside(MariaDbSection.class)));
      RawMysql raw = new RawMysql(database.url(), MysqlUnderProof.DATABASE, MariaDbServer.ROOT);
      raw.giveRoom();
      long warmUpRows;
      Drained drained;
      try (Node node = Node.startAsConfigured(setup)) {
        warmUpRows =
            Loads.warmUp(node, keys, SHAPE, MariaDbSection::offered, measurement.effort().warmUp());
        node.flush();
        TaskRequests requests =
            new TaskRequests(SHAPE.items(), SHAPE.connections(), keys, warmUpRows);
        drained =
            drain(node, database.backends().get(0), raw, requests, measurement.effort().draining());
      }
      LoadResult load = drained.load;
      report
          .add(SHAPE + " acknowledged", "items/s", load.itemsPerSecond())
          .note("of %,d offered".formatted(OFFERED_ITEMS_PER_SECOND));
      report.count(SHAPE + " refused with 503", "", load.refused()).target(Target.atMost(0));
      report.add(SHAPE + " until all are in MariaDB", "rows/s", drained.throughPerSecond);
      report.add(SHAPE + " after the load, draining alone", "rows/s", drained.alonePerSecond);
      double plain = raw.perSecond(connections, keys, warmUpRows, load.items());
      String name = "plain JDBC, " + by(connections);
      report
          .add(name, "rows/s", plain)
          .note("a copy of the node's own table, 1,000 rows a transaction, as they come");
      report
          .add("times " + name, "x", drained.throughPerSecond / plain)
          .target(Target.atLeast(Targets.MARIADB_OF_RAW));
      report
          .add("draining alone, times " + name, "x", drained.alonePerSecond / plain)
          .target(Target.atLeast(Targets.MARIADB_OF_RAW));
    }
    measurement.clear();
  }

  /**
   * What a load with draining did.
   *
   * @param throughPerSecond rows, from the first request until all are in the database
   * @param alonePerSecond rows, after the last request
   */
  private record Drained(LoadResult load, double throughPerSecond, double alonePerSecond) {}

  private static Drained drain(
      Node node, String backend, RawMysql raw, TaskRequests requests, Duration duration)
      throws IOException, SQLException {
    long before = raw.rows();
    long begin = System.nanoTime();
    LoadResult load = Loads.run(node, requests, SHAPE.connections(), offered(SHAPE), duration);
    long loaded = System.nanoTime();
    long left = node.lag(backend);
    node.flush();
    long end = System.nanoTime();
    long rows = raw.rows() - before;
    if (rows != load.items()) {
      throw new IOException(load.items() + " acknowledged, but " + rows + " rows after a flush");
    }
    return new Drained(load, load.items() * 1e9 / (end - begin), left * 1e9 / (end - loaded));
  }

  private static Pace offered(Shape shape) {
    return Pace.closedLoop(
        Duration.ofSeconds(1).multipliedBy(shape.items()).dividedBy(OFFERED_ITEMS_PER_SECOND));
  }
}
