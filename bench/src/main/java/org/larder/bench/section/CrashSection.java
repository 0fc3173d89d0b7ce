package org.larder.bench.section;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
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

/** Kills the node under load, starts it again, and reads back all that it ever acknowledged. */
public final class CrashSection implements Measurement.Section {
  private static final int ITEMS = 100;
  private static final int CONNECTIONS = 8;
  private static final int PAGE = 1_000;
  private static final String PATH = "/api/v1/translation/tasks?limit=" + PAGE;

  @Override
  public void run(Measurement measurement) throws IOException {
    Report report = measurement.report();
    report.begin("kill -9 under load, 100 x 8, then all that was ever acknowledged is read back");
    KeySequence keys = KeySequence.random(9);
    SplittableRandom random = new SplittableRandom();
    NodeSetup setup = measurement.newNode("node");
    List<TaskRequests> rounds = new ArrayList<>();
    for (int round = 1; round <= measurement.effort().crashes(); round++) {
      long next = rounds.isEmpty() ? 0 : rounds.get(rounds.size() - 1).end();
      TaskRequests requests = new TaskRequests(ITEMS, CONNECTIONS, keys, next);
      rounds.add(requests);
      long mostMs = measurement.effort().crashLoad().toMillis();
      Duration load = Duration.ofMillis(random.nextLong(mostMs / 3, mostMs));
      measurement.say("kill -9 number " + round + " after " + load.toMillis() + " ms of load");
      killUnderLoad(setup, requests, load);
      check(report, setup, rounds, keys);
    }
  }

  private static void killUnderLoad(NodeSetup setup, TaskRequests requests, Duration after)
      throws IOException {
    Node node = Node.start(setup);
    try (LoadLoop loop = new LoadLoop(node.port(), CONNECTIONS, requests)) {
      CompletableFuture<Void> kill =
          CompletableFuture.runAsync(
              () -> kill(node),
              CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS));
      LoadResult load = loop.run(Pace.closedLoop(), after.plusSeconds(30), LoadLoop.UNLIMITED);
      kill.join();
      if (load.items() == 0) {
        throw new IOException("nothing was acknowledged before the kill: " + load.firstFailure());
      }
    }
  }

  private static void kill(Node node) {
    try {
      node.kill();
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static void check(
      Report report, NodeSetup setup, List<TaskRequests> rounds, KeySequence keys)
      throws IOException {
    ReadBack tally = new ReadBack(rounds, keys);
    try (Node node = Node.start(setup)) {
      report.add("start after the kill", "s", node.readyAfter().toMillis() / 1e3);
      node.flush();
      String cursor = "";
      do {
        JsonNode page = node.get(PATH + cursor).expecting(200).json();
        page.path("items").forEach(tally::found);
        JsonNode next = page.path("next_cursor");
        cursor = next.isTextual() ? "&cursor=" + next.asText() : "";
      } while (!cursor.isEmpty());
    }
    String kill = "kill " + rounds.size() + ", from the first on: ";
    report.count(kill + "acknowledged", "items", tally.acknowledged());
    report.count(kill + "of these found", "items", tally.acknowledged() - tally.lost());
    report
        .count(kill + "found, not acknowledged", "items", tally.unacknowledged())
        .note("allowed: they were sent");
    Target none = Target.atMost(Targets.LOST_ITEMS);
    report.count("lost", "items", tally.lost()).target(none);
    report.count("doubled", "items", tally.doubled()).target(none);
    report.count("altered", "items", tally.altered()).target(none);
    report.count("never sent", "items", tally.foreign()).target(none);
    if (!tally.isFlawless()) {
      report.fail(tally.toString());
    }
  }
}
