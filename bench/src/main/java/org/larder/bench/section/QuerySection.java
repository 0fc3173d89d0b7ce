package org.larder.bench.section;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.SQLException;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.larder.bench.Measurement;
import org.larder.bench.Targets;
import org.larder.bench.load.Item;
import org.larder.bench.load.KeySequence;
import org.larder.bench.node.Node;
import org.larder.bench.report.Report;
import org.larder.bench.report.Target;

/** How long answers take over a small and a large number of tasks, on one connection. */
public final class QuerySection implements Measurement.Section {
  private static final String BASE = "/api/v1/translation";

  /** The targets are for so many tasks; with fewer they would be met too easily. */
  private static final long PROMISED_ROWS = 1_000_000;

  private static final int COSTLY_SHARE = 25;
  private static final int CURSOR_WALK_PAGE = 1_000;

  @Override
  public void run(Measurement measurement) throws IOException, SQLException {
    measure(measurement, measurement.effort().smallRows());
    measure(measurement, measurement.effort().largeRows());
  }

  private static void measure(Measurement measurement, long rows) throws IOException, SQLException {
    measurement.say("filling a node with %,d tasks".formatted(rows));
    KeySequence keys = KeySequence.random(77);
    try (Node node = Node.start(measurement.newNode("queries"))) {
      SampleSessions.post(node, rows / Item.SESSION_TASKS);
      Loads.fill(node, keys, rows);
      node.flush();
      measurement.say("asking it");
      measurement.report().begin("queries over %,d tasks".formatted(rows));
      Report report = measurement.report();
      Asked asked = new Asked(node, report, rows >= PROMISED_ROWS);
      int many = measurement.effort().queryRepeats();
      int few = Math.max(10, many / COSTLY_SHARE);
      SplittableRandom random = new SplittableRandom(rows);
      asked.ask(
          "a task by its id",
          many,
          () -> BASE + "/tasks/" + keys.key(random.nextLong(rows)),
          Double.NaN,
          Targets.BY_ID_P99_MS);
      asked.ask(
          "a session's tasks, page of 20",
          many,
          () -> BASE + "/sessions/" + randomSession(random, rows) + "/tasks?page_size=20",
          Double.NaN,
          Double.NaN);
      asked.ask(
          "a page by status, with its total",
          few,
          () -> BASE + "/tasks?status=completed&page=1&page_size=20",
          Targets.PAGE_WITH_TOTAL_P50_MS,
          Double.NaN);
      asked.ask(
          "a page by status, first by cursor",
          many,
          () -> BASE + "/tasks?status=completed&limit=20",
          Double.NaN,
          Targets.CURSOR_PAGE_P99_MS);
      asked.ask(
          "a deep page by status, by its number", few, deepPage(node), Double.NaN, Double.NaN);
      asked.walk("a deep page by status, by cursor", many, deepCursor(node, rows));
      asked.ask(
          "statistics, counted anew",
          few,
          () -> {
            SampleSessions.post(node, 1);
            node.flush();
            return BASE + "/stats";
          },
          Targets.STATS_P50_MS,
          Double.NaN);
      asked.ask("statistics, unchanged", few, () -> BASE + "/stats", Double.NaN, Double.NaN);
      asked.ask(
          "sessions that are not complete",
          few,
          () -> BASE + "/recovery/incomplete-sessions",
          Double.NaN,
          Double.NaN);
      long differences = Recount.differences(node, BASE + "/stats");
      report
          .count("figures of the statistics that differ from a recount", "", differences)
          .target(Target.atMost(0));
      if (differences > 0) {
        report.fail("the statistics differ from a recount in " + differences + " figures");
      }
    }
  }

  private static String randomSession(SplittableRandom random, long rows) {
    return Item.sessionId(random.nextLong(rows / Item.SESSION_TASKS));
  }

  private static Question deepPage(Node node) throws IOException {
    JsonNode first =
        node.get(BASE + "/tasks?status=completed&page=1&page_size=20").expecting(200).json();
    long last = first.path("total_pages").asLong();
    if (last < 2) {
      throw new IOException("no deep page: " + first.path("total_pages"));
    }
    return () -> BASE + "/tasks?status=completed&page_size=20&page=" + (last - 1);
  }

  /** A cursor to about the middle of the completed tasks. */
  private static String deepCursor(Node node, long rows) throws IOException {
    long steps = rows * 7 / 10 / 2 / CURSOR_WALK_PAGE;
    String cursor = "";
    for (long step = 0; step < steps; step++) {
      String path = BASE + "/tasks?status=completed&limit=" + CURSOR_WALK_PAGE + cursor;
      cursor = "&cursor=" + node.get(path).expecting(200).json().path("next_cursor").asText();
    }
    return cursor;
  }

  /** What to ask next; what it does to the node before is not measured. */
  private interface Question {
    String path() throws IOException;
  }

  /** Asks one node and reports the latencies. */
  private record Asked(Node node, Report report, boolean judged) {
    private static final double NANOS_PER_MS = 1e6;

    void ask(String name, int times, Question question, double targetP50, double targetP99)
        throws IOException {
      Histogram latencies = new Histogram(3);
      for (int i = 0; i < times; i++) {
        node.get(question.path()).expecting(200);
      }
      for (int i = 0; i < times; i++) {
        String next = question.path();
        long begin = System.nanoTime();
        node.get(next).expecting(200);
        latencies.recordValue(System.nanoTime() - begin);
      }
      add(name, latencies, targetP50, targetP99);
    }

    /** Follows the cursor from page to page. */
    void walk(String name, int times, String from) throws IOException {
      Histogram latencies = new Histogram(3);
      String cursor = from;
      for (int i = 0; i < times; i++) {
        String path = BASE + "/tasks?status=completed&limit=20" + cursor;
        long begin = System.nanoTime();
        String text = node.get(path).expecting(200).text();
        latencies.recordValue(System.nanoTime() - begin);
        // Behind the last page of a small data set the walk begins anew.
        cursor = SampleSessions.nextCursor(text).map(next -> "&cursor=" + next).orElse(from);
      }
      add(name, latencies, Double.NaN, Targets.CURSOR_PAGE_P99_MS);
    }

    private void add(String name, Histogram latencies, double targetP50, double targetP99) {
      double p50 = latencies.getValueAtPercentile(50) / NANOS_PER_MS;
      double p99 = latencies.getValueAtPercentile(99) / NANOS_PER_MS;
      Report.Figure middle = report.add(name + ", p50", "ms", p50);
      Report.Figure worst = report.add(name + ", p99", "ms", p99);
      worst.note("of " + latencies.getTotalCount());
      if (judged && !Double.isNaN(targetP50)) {
        middle.target(Target.atMost(targetP50));
      }
      if (judged && !Double.isNaN(targetP99)) {
        worst.target(Target.atMost(targetP99));
      }
    }
  }
}
