package org.larder.bench.section;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.larder.bench.Measurement;
import org.larder.bench.Targets;
import org.larder.bench.load.KeySequence;
import org.larder.bench.load.LoadLoop;
import org.larder.bench.load.LoadResult;
import org.larder.bench.load.Pace;
import org.larder.bench.load.TaskRequests;
import org.larder.bench.node.Node;
import org.larder.bench.node.NodeSetup;
import org.larder.bench.report.Report;
import org.larder.bench.report.Target;
import org.larder.prove.node.ConfigFile;

/** What a mirror costs those who wait for an acknowledgement: the same load without and with. */
public final class MirrorSection implements Measurement.Section {
  private static final Duration INTERVAL = Duration.ofMillis(20);
  private static final int ITEMS = 100;
  private static final int CONNECTIONS = 16;
  private static final Duration MIRROR_PATIENCE = Duration.ofSeconds(60);

  @Override
  public void run(Measurement measurement) throws IOException {
    for (int run = 1; run <= measurement.effort().runs(); run++) {
      measurement.say("run " + run + ", 50 requests/s of 100 items, without and with a mirror");
      Report report = measurement.report();
      report.begin("mirror: 50 requests/s of 100 items, SQLite, from intended starts");
      // Whichever comes first finds the machine as the one before has left it: take turns.
      LoadResult with = run % 2 == 0 ? load(measurement, run, true) : null;
      LoadResult without = load(measurement, run, false);
      with = with == null ? load(measurement, run, true) : with;
      report.add("p50 without a mirror", "ms", without.percentileMs(50));
      report.add("p50 with a mirror", "ms", with.percentileMs(50));
      report
          .add("p50 with, times without", "x", with.percentileMs(50) / without.percentileMs(50))
          .target(Target.atMost(Targets.MIRROR_P50_TIMES));
      double p99 = without.percentileMs(99);
      report.add("p99 without a mirror", "ms", p99);
      report
          .add("p99 with a mirror", "ms", with.percentileMs(99))
          .target(
              Target.atMost(
                      Math.max(p99 * Targets.MIRROR_P99_TIMES, p99 + Targets.MIRROR_P99_MS_MORE))
                  .because("a quarter or 2 ms more"));
      report.count("refused with 503", "", with.refused() + without.refused());
    }
  }

  private static LoadResult load(Measurement measurement, int run, boolean mirrored)
      throws IOException {
    NodeSetup setup = measurement.newNode(mirrored ? "mirrored" : "alone");
    Node.writeConfiguration(setup);
    if (mirrored) {
      ConfigFile.copy(
          setup.config().resolve("larder.storage.sqlite-main.cfg"),
          setup.config().resolve("larder.storage.sqlite-copy.cfg"),
          Map.of("name", "copy", "file", "copy.db"));
      ConfigFile.change(
          setup.config().resolve("larder.routes.cfg"), Map.of("route.*", "main, copy"));
    }
    KeySequence keys = KeySequence.random(run);
    try (Node node = Node.startAsConfigured(setup)) {
      Loads.warmUp(node, KeySequence.random(-1), Shape.WARM_UP, measurement.effort().warmUp());
      node.flush();
      TaskRequests requests = new TaskRequests(ITEMS, CONNECTIONS, keys, 0);
      try (LoadLoop loop = new LoadLoop(node.port(), CONNECTIONS, requests)) {
        loop.run(Pace.openLoop(INTERVAL), measurement.effort().warmUp(), LoadLoop.UNLIMITED)
            .orFail();
        LoadResult load =
            loop.run(Pace.openLoop(INTERVAL), measurement.effort().draining(), LoadLoop.UNLIMITED)
                .orFail();
        if (mirrored) {
          requireMirror(node);
        }
        return load;
      }
    }
  }

  /** A mirror that does not follow costs nothing, and shows nothing. */
  private static void requireMirror(Node node) throws IOException {
    long giveUp = System.nanoTime() + MIRROR_PATIENCE.toNanos();
    JsonNode mirror;
    do {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      mirror = null;
      for (JsonNode each :
          node.get("/api/v1/admin/followers").expecting(200).json().path("followers")) {
        mirror = each.path("backend").asText().equals("copy") ? each : mirror;
      }
    } while ((mirror == null || mirror.path("lag").asLong(1) > 0) && System.nanoTime() < giveUp);
    if (mirror == null || mirror.path("lag").asLong(1) > 0) {
      throw new IOException("the mirror does not follow: " + mirror);
    }
  }
}
