package org.larder.bench.section;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.larder.bench.Measurement;
import org.larder.bench.Targets;
import org.larder.bench.load.KeySequence;
import org.larder.bench.load.LoadLoop;
import org.larder.bench.load.LoadResult;
import org.larder.bench.load.Pace;
import org.larder.bench.load.TaskRequests;
import org.larder.bench.node.MigrationRun;
import org.larder.bench.node.Node;
import org.larder.bench.node.NodeSetup;
import org.larder.bench.raw.RawCopy;
import org.larder.bench.raw.RawMysql;
import org.larder.bench.report.Report;
import org.larder.bench.report.Target;
import org.larder.prove.database.MysqlUnderProof;
import org.larder.prove.database.Premises;
import org.larder.prove.node.ConfigFile;
import org.larder.storage.mysql.server.MariaDbServer;

/**
 * Tasks are moved from SQLite to MariaDB while others are written, beside plain JDBC that copies
 * the same tasks between the same two databases once the node is away.
 */
public final class MigrationSection implements Measurement.Section {
  private static final String COLLECTION = "translation_tasks";
  private static final String SOURCE = "main";
  private static final String TARGET = "mysql";
  private static final int ITEMS = 10;
  private static final int CONNECTIONS = 8;
  private static final Duration INTERVAL = Duration.ofMillis(10);
  private static final int FILL_ITEMS = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(60);

  @Override
  public void run(Measurement measurement) throws Exception {
    for (int run = 1; run <= measurement.effort().runs(); run++) {
      measure(measurement, run);
      measurement.clear();
    }
  }

  /** What was written while a migration ran, and the migration. */
  private record Moved(MigrationRun migration, LoadResult load) {}

  private static void measure(Measurement measurement, int run) throws Exception {
    NodeSetup setup = measurement.newNode("node");
    Node.writeConfiguration(setup);
    try (MysqlUnderProof database = new MysqlUnderProof()) {
      database.begin(
          new Premises(
              setup,
              measurement.folder("server"),
              Premises.programsBeside(MigrationSection.class)));
      ConfigFile.change(setup.config().resolve("larder.routes.cfg"), Map.of("route.*", SOURCE));
      RawMysql raw = new RawMysql(database.url(), MysqlUnderProof.DATABASE, MariaDbServer.ROOT);
      raw.giveRoom();
      long rows = measurement.effort().largeRows();
      KeySequence keys = KeySequence.random(run);
      Moved moved;
      Path filledDatabase;
      try (Node node = Node.startAsConfigured(setup)) {
        measurement.say("run %d, %,d rows are written into SQLite".formatted(run, rows));
        Loads.fill(node, keys, rows);
        node.flush();
        long filled = (rows + FILL_ITEMS - 1) / FILL_ITEMS * FILL_ITEMS;
        moved = move(measurement, node, new TaskRequests(ITEMS, CONNECTIONS, keys, filled));
        node.flush();
        requireRows(raw, filled + moved.load.items());
        filledDatabase = node.database();
      }
      measurement.say("plain JDBC copies them");
      report(measurement.report(), moved, RawCopy.run(filledDatabase, raw));
    }
  }

  private static Moved move(Measurement measurement, Node node, TaskRequests requests)
      throws IOException {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    AtomicBoolean over = new AtomicBoolean();
    try (LoadLoop loop = new LoadLoop(node.port(), CONNECTIONS, requests)) {
      Pace pace = Pace.openLoop(INTERVAL).until(over::get);
      Future<LoadResult> load =
          thread.submit(() -> loop.run(pace, PATIENCE, LoadLoop.UNLIMITED).orFail());
      MigrationRun migration;
      try {
        migration =
            MigrationRun.follow(node, COLLECTION, SOURCE, TARGET, PATIENCE, measurement::say);
      } finally {
        over.set(true);
        thread.shutdown();
        // The loop must not be closed under the thread that drives it.
        thread.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      return new Moved(migration, load.get());
    } catch (ExecutionException e) {
      throw new IOException("the load failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a load ran", e);
    }
  }

  private static void requireRows(RawMysql raw, long expected) throws IOException, SQLException {
    long rows = raw.rows();
    if (rows != expected) {
      throw new IOException(expected + " acknowledged, but " + rows + " rows in MariaDB");
    }
  }

  private static void report(Report report, Moved moved, RawCopy.Result copy) {
    MigrationRun migration = moved.migration;
    report.begin("migration: SQLite to MariaDB under 100 requests/s of 10 items");
    Duration filling = migration.in("prepared").plus(migration.in("backfilling"));
    double rate = migration.copied() * 1e9 / filling.toNanos();
    report.count("records copied", "", migration.copied());
    report
        .add("back-fill", "rows/s", rate)
        .note("from the answer to the request until all are copied; writes go on");
    report
        .add("plain JDBC copying", "rows/s", copy.perSecond())
        .note("scan, and 1,000 rows a transaction, alone");
    report
        .add("back-fill, times plain JDBC", "x", rate / copy.perSecond())
        .target(Target.atLeast(Targets.BACK_FILL_OF_RAW));
    report.add("catching up", "s", seconds(migration.in("catching_up")));
    report.add("comparing by digests", "s", seconds(migration.compared()));
    report.add("backends held for it", "s", seconds(migration.held()));
    report.add("until reads come from MariaDB", "s", seconds(migration.in("cut_over")));
    report
        .add("acknowledged meanwhile", "items/s", moved.load.itemsPerSecond())
        .note("of 1,000 offered");
    report.count("refused with 503", "", moved.load.refused()).target(Target.atMost(0));
    report.add("p99 of the acknowledged", "ms", moved.load.percentileMs(99));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
