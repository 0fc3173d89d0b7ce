package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.larder.buffer.Decided;
import org.larder.buffer.Durability;
import org.larder.buffer.Guard;
import org.larder.buffer.Submission;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/** Whatever decisions and writes run at once, there is an order in which they ran one by one. */
class DecisionPropertyTest {
  private static final int KEYS = 3;
  private static final int THREADS = 4;
  private static final int STEPS = 12;

  /**
   * What one step did.
   *
   * @param read versions by key; 0 where nothing was
   * @param written versions by key; negative where it deleted
   */
  private record Step(Map<String, Long> read, Map<String, Long> written) {
    long first() {
      return written.values().stream().mapToLong(Math::abs).min().orElseThrow();
    }
  }

  @Property(tries = 30)
  void concurrentDecisionsHaveASerialOrder(@ForAll Random random) throws Exception {
    Path data = Files.createTempDirectory("decisions");
    FakeStore store = new FakeStore();
    List<Step> steps = new ArrayList<>();
    try (TestNode node = new TestNode(data).open()) {
      node.buffer.addCollection(Stock.ITEMS);
      node.buffer.addBackend(new FakeBackend(store));
      node.awaitAttached();
      List<FutureTask<List<Step>>> tasks = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        Random own = new Random(random.nextLong());
        tasks.add(new FutureTask<>(() -> run(node, own)));
        new Thread(tasks.get(t)).start();
      }
      if (random.nextBoolean()) {
        node.hold(true);
        node.hold(false);
      }
      for (FutureTask<List<Step>> task : tasks) {
        steps.addAll(task.get());
      }
      node.flush();
    } finally {
      BufferedReadPropertyTest.delete(data);
    }
    check(steps, store);
  }

  private static List<Step> run(TestNode node, Random random) throws InvalidRowException {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      steps.add(random.nextInt(4) == 0 ? write(node, random) : decide(node, random));
    }
    return steps;
  }

  private static String key(Random random) {
    return "k" + random.nextInt(KEYS);
  }

  private static Step write(TestNode node, Random random) throws InvalidRowException {
    String key = key(random);
    try (Submission submission = node.buffer.intake().begin("stock", 0)) {
      submission.row().set("item_id", key).set("n", 0L);
      submission.add(Mutation.Kind.MERGE);
      String receipt = submission.commit(Durability.JOURNAL, TestNode.LONG).receipt();
      long first = Tokens.decode(node.buffer.journalId(), receipt).orElseThrow().first();
      return new Step(Map.of(), Map.of(key, first));
    }
  }

  private static Step decide(TestNode node, Random random) throws InvalidRowException {
    List<String> reads = List.of(key(random), key(random));
    List<String> keys = new ArrayList<>(List.of(key(random), key(random)));
    boolean deletes = random.nextInt(5) == 0;
    boolean refuses = random.nextInt(4) == 0;
    Map<String, Long> read = new HashMap<>();
    Guard[] guards =
        random.nextBoolean() ? new Guard[0] : new Guard[] {Guard.record("stock", reads.get(0))};
    Decided<Boolean> decided =
        DecisionTest.decide(
            node,
            TestNode.LONG,
            draft -> {
              read.clear();
              for (String key : reads) {
                Optional<Row> row = draft.row("stock", key);
                read.put(key, row.map(Row::version).orElse(0L));
              }
              for (String key : refuses ? List.<String>of() : keys) {
                if (deletes) {
                  draft.delete("stock", key);
                } else {
                  draft.write(
                      Mutation.Kind.PUT, draft.builder("stock").set("item_id", key).set("n", 1L));
                }
              }
              return true;
            },
            guards);
    Map<String, Long> written = new HashMap<>();
    for (int i = 0; i < decided.versions().size(); i++) {
      written.put(keys.get(i), decided.versions().get(i) * (deletes ? -1 : 1));
    }
    return new Step(Map.copyOf(read), written);
  }

  /** In the order of the journal, each must have read what those before it had left. */
  private static void check(List<Step> steps, FakeStore store) {
    Map<String, NavigableMap<Long, Long>> history = new HashMap<>();
    List<Step> writers =
        steps.stream()
            .filter(step -> !step.written().isEmpty())
            .sorted(Comparator.comparingLong(Step::first))
            .toList();
    Map<String, Long> now = new HashMap<>();
    for (Step step : writers) {
      step.read()
          .forEach(
              (key, version) ->
                  assertThat(version).as("%s", step).isEqualTo(now.getOrDefault(key, 0L)));
      step.written()
          .forEach(
              (key, version) -> {
                now.put(key, Math.max(0, version));
                history
                    .computeIfAbsent(key, any -> new TreeMap<>())
                    .put(Math.abs(version), Math.max(0, version));
              });
    }
    // Those that only looked saw one moment.
    steps.stream()
        .filter(step -> step.written().isEmpty())
        .forEach(step -> assertThat(moments(step, history)).as("%s", step).isPositive());
    now.forEach(
        (key, version) -> {
          Row row = store.row("stock", key);
          assertThat(row == null ? 0L : row.version()).isEqualTo(version);
        });
  }

  private static long moments(Step step, Map<String, NavigableMap<Long, Long>> history) {
    List<Long> times = new ArrayList<>(List.of(-1L));
    history.values().forEach(changes -> times.addAll(changes.keySet()));
    return times.stream()
        .filter(
            time ->
                step.read().entrySet().stream()
                    .allMatch(
                        read -> {
                          NavigableMap<Long, Long> changes =
                              history.getOrDefault(read.getKey(), new TreeMap<>());
                          Map.Entry<Long, Long> last = changes.floorEntry(time);
                          return read.getValue() == (last == null ? 0L : last.getValue());
                        }))
        .count();
  }
}
