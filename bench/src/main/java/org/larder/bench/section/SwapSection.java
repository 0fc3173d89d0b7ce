package org.larder.bench.section;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
import org.larder.prove.node.BackendBundle;
import org.larder.prove.node.NodeUnderProof;

/** The backend's bundle is stopped and started again at a steady rate of writes. */
public final class SwapSection implements Measurement.Section {
  private static final String BUNDLE = "org.larder.storage-sqlite";
  private static final String BACKEND = "main";
  private static final Duration INTERVAL = Duration.ofMillis(20);
  private static final int ITEMS = 100;
  private static final int CONNECTIONS = 16;
  private static final long INCOMING = ITEMS * Duration.ofSeconds(1).dividedBy(INTERVAL);
  private static final Duration AWAY = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(5);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What waits for the next batch when a backend has caught up: one interval of the flush. */
  private static final long CAUGHT_UP = INCOMING / 2;

  @Override
  public void run(Measurement measurement) throws Exception {
    for (int run = 1; run <= measurement.effort().runs(); run++) {
      measurement.say("run " + run + ", the backend is stopped for a while at 5,000 items/s");
      measure(measurement, KeySequence.random(run));
    }
  }

  private static void measure(Measurement measurement, KeySequence keys) throws Exception {
    Report report = measurement.report();
    report.begin("swap: SQLite's bundle is stopped for 5 s, 50 requests/s of 100 items");
    NodeSetup setup = measurement.newNode("node");
    Node.writeConfiguration(setup);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (NodeUnderProof node = NodeUnderProof.start(setup)) {
      Loads.warmUp(
          node.node(), KeySequence.random(-1), Shape.WARM_UP, measurement.effort().warmUp());
      node.node().flush();
      TaskRequests requests = new TaskRequests(ITEMS, CONNECTIONS, keys, 0);
      try (LoadLoop loop = new LoadLoop(node.port(), CONNECTIONS, requests)) {
        Duration duration = measurement.effort().draining().plus(AWAY.multipliedBy(2));
        Future<LoadResult> load =
            thread.submit(() -> loop.run(Pace.openLoop(INTERVAL), duration, LoadLoop.UNLIMITED));
        LockSupport.parkNanos(AWAY.toNanos());
        CaughtUp swapped = swap(node);
        LoadResult result = load.get();
        report
            .count("answers other than 202", "", result.refused() + result.failed())
            .target(Target.atMost(0));
        report.add("caught up at", "rows/s", swapped.rowsPerSecond());
        report
            .add("caught up at, times incoming", "x", swapped.rowsPerSecond() / INCOMING)
            .target(Target.atLeast(Targets.CATCH_UP_TIMES_INCOMING));
        report
            .add("caught up after the order to start", "s", swapped.taken().toMillis() / 1e3)
            .note("with the shell's own start");
        report.add("p99 of the acknowledged", "ms", result.percentileMs(99));
        report.add("max of the acknowledged", "ms", result.percentileMs(100));
      }
    } catch (ExecutionException e) {
      throw new IOException("the load failed: " + e.getCause(), e);
    } finally {
      thread.shutdownNow();
    }
  }

  /**
   * How a backend caught up.
   *
   * @param rowsPerSecond from the first of them on, with those that came in meanwhile
   * @param taken from the order to start the bundle on
   */
  private record CaughtUp(double rowsPerSecond, Duration taken) {}

  private static CaughtUp swap(NodeUnderProof node) throws IOException {
    BackendBundle bundle = new BackendBundle(node, BUNDLE);
    bundle.stop();
    LockSupport.parkNanos(AWAY.toNanos());
    long position = position(node);
    long ordered = System.nanoTime();
    // It drains before the shell's command, a program of its own, has come back.
    CompletableFuture<Void> start = CompletableFuture.runAsync(() -> start(bundle));
    long begin = ordered;
    for (long look = ordered; position(node) == position; look = System.nanoTime()) {
      begin = look;
      pause(ordered, start);
    }
    while (node.lag(BACKEND) > CAUGHT_UP) {
      pause(ordered, start);
    }
    long end = System.nanoTime();
    double rate = (position(node) - position) * 1e9 / (end - begin);
    start.join();
    return new CaughtUp(rate, Duration.ofNanos(end - ordered));
  }

  private static void start(BackendBundle bundle) {
    try {
      bundle.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long position(NodeUnderProof node) throws IOException {
    return node.follower(BACKEND).path("position").asLong();
  }

  private static void pause(long ordered, CompletableFuture<Void> start) throws IOException {
    if (start.isCompletedExceptionally()) {
      start.join();
    }
    if (System.nanoTime() - ordered > PATIENCE.toNanos()) {
      throw new IOException("the backend has not caught up within " + PATIENCE);
    }
    LockSupport.parkNanos(POLL.toNanos());
  }
}
