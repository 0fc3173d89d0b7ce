package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.Decided;
import org.larder.buffer.Decision;
import org.larder.buffer.Draft;
import org.larder.buffer.Durability;
import org.larder.buffer.Guard;
import org.larder.buffer.Outcome;
import org.larder.buffer.ReceiptState;
import org.larder.buffer.Route;
import org.larder.buffer.RouteStatus;
import org.larder.buffer.RouteTable;
import org.larder.buffer.Submission;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Capability;

/** Decisions are right whichever backend is the primary, and while that changes. */
@Timeout(120)
class RoutedDecisionTest {
  private static final int WRITERS = 4;
  private static final int SWAPS = 12;

  @TempDir Path data;
  private final FakeStore store = new FakeStore();
  private final FakeStore copy = new FakeStore();
  private final AskedBackend main = new AskedBackend(store, Capability.INSERT_IF_ABSENT);
  private final FakeBackend mirror = new FakeBackend("copy", copy);

  private static Route mirrored() {
    return new Route(Route.ALL, "main", List.of("copy"), Optional.empty());
  }

  private TestNode open(RouteTable routes) throws IOException {
    TestNode node = new TestNode(data);
    // Whoever is named again begins at the beginning.
    node.journalBytes = 1 << 30;
    node.routes = routes;
    node.open();
    node.buffer.addCollection(Stock.ITEMS);
    node.buffer.addCollection(Stock.EVENTS);
    node.buffer.addBackend(main);
    node.buffer.addBackend(mirror);
    awaitAll(node);
    return node;
  }

  private TestNode open() throws IOException {
    return open(RouteTable.of("main").with(mirrored()));
  }

  /** Waits until every follower has all that was written. */
  private static void awaitAll(TestNode node) {
    TestNode.until(
        () ->
            node.buffer.status().followers().stream()
                .allMatch(one -> one.position() >= 0 && one.lag() == 0));
  }

  private static void awaitSource(TestNode node, String backend) {
    TestNode.until(() -> node.buffer.routes().get(0).source().equals(backend));
  }

  private static void put(Draft draft, String key, long n) throws InvalidRowException {
    draft.write(Mutation.Kind.PUT, draft.builder("stock").set("item_id", key).set("n", n));
  }

  private static Decision<Long> increment(String key) {
    return draft -> {
      long n = draft.row("stock", key).map(TestNode::n).orElse(0L) + 1;
      put(draft, key, n);
      return n;
    };
  }

  /** Writes a record of each collection, which hangs on the other. */
  private static Decision<Boolean> both(String key) {
    return draft -> {
      put(draft, key, 1);
      draft.write(
          Mutation.Kind.PUT,
          draft.builder("stock_events").set("id", "e-" + key).set("item_id", key));
      return true;
    };
  }

  private static <R> Decided<R> decide(TestNode node, Decision<R> decision, Guard... guards)
      throws InvalidRowException {
    return DecisionTest.decide(node, TestNode.LONG, decision, guards);
  }

  private static Acknowledgement insert(TestNode node, String... keys) {
    try (Submission submission = node.buffer.intake().begin("stock", 100)) {
      for (String key : keys) {
        submission.row().set("item_id", key).set("n", 2L);
        submission.add(Mutation.Kind.INSERT);
      }
      return submission.commit(Durability.JOURNAL, TestNode.LONG);
    } catch (InvalidRowException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static ReceiptState receipt(TestNode node, Acknowledgement done) {
    return node.buffer.receipt(done.receipt()).orElseThrow();
  }

  /** Work of one thread, again and again. */
  private interface Step {
    void take() throws InvalidRowException;
  }

  /** Runs steps in several threads while the primary changes, to and fro. */
  private static void whileSwapping(TestNode node, Step... steps) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger taken = new AtomicInteger();
    List<Future<Boolean>> writers = new ArrayList<>();
    for (Step step : steps) {
      FutureTask<Boolean> task =
          new FutureTask<>(
              () -> {
                while (!over.get()) {
                  step.take();
                  taken.incrementAndGet();
                }
                return true;
              });
      new Thread(task).start();
      writers.add(task);
    }
    Route route = mirrored();
    for (int i = 0; i < SWAPS; i++) {
      int enough = taken.get() + 5;
      TestNode.until(() -> taken.get() >= enough || writers.stream().anyMatch(Future::isDone));
      route = route.swappedTo(route.primary().equals("main") ? "copy" : "main");
      node.buffer.changeRoute(route);
      awaitSource(node, route.primary());
      // The old one is passed over by some, and then gets them after all.
      node.buffer.changeRoute(Route.of(Route.ALL, route.primary()));
      TestNode.until(() -> node.buffer.status().followers().size() == 1);
      node.buffer.changeRoute(route);
      TestNode.until(
          () ->
              node.buffer.routes().get(0).copies().stream()
                  .allMatch(one -> one.completeness() == RouteStatus.Completeness.LIVE));
    }
    over.set(true);
    for (Future<Boolean> writer : writers) {
      writer.get();
    }
    awaitAll(node);
  }

  @Test
  void noChangeOfACounterIsLostWhileThePrimaryIsSwapped() throws Exception {
    try (TestNode node = open()) {
      AtomicInteger taken = new AtomicInteger();
      Step step =
          () -> {
            decide(node, increment("shared"), Guard.record("stock", "shared"));
            taken.incrementAndGet();
          };
      whileSwapping(node, step, step, step, step);
      assertThat(TestNode.n(store.row("stock", "shared"))).isEqualTo(taken.get());
      assertThat(TestNode.n(copy.row("stock", "shared"))).isEqualTo(taken.get());
    }
  }

  @Test
  void aKeyIsInsertedOnceWhileThePrimaryIsSwapped() throws Exception {
    try (TestNode node = open()) {
      Map<String, AtomicInteger> inserted = new ConcurrentHashMap<>();
      Map<Outcome, AtomicInteger> outcomes = new ConcurrentHashMap<>();
      Step[] steps = new Step[WRITERS];
      for (int t = 0; t < WRITERS; t++) {
        AtomicInteger next = new AtomicInteger();
        steps[t] =
            () -> {
              String key = "k" + next.getAndIncrement();
              Outcome outcome = insert(node, key).outcomes().get(0);
              outcomes.computeIfAbsent(outcome, any -> new AtomicInteger()).incrementAndGet();
              if (outcome == Outcome.INSERTED) {
                inserted.computeIfAbsent(key, any -> new AtomicInteger()).incrementAndGet();
              }
            };
      }
      whileSwapping(node, steps);
      assertThat(outcomes).containsOnlyKeys(Outcome.INSERTED, Outcome.DUPLICATE);
      assertThat(inserted.values()).allMatch(count -> count.get() == 1);
      assertThat(store.keys("stock")).containsExactlyInAnyOrderElementsOf(inserted.keySet());
      assertThat(copy.keys("stock")).isEqualTo(store.keys("stock"));
    }
  }

  @Test
  void thePrimaryOfASwapThatLacksRecordsIsCompletedFromTheJournal() throws Exception {
    try (TestNode node = open()) {
      Hang hang = mirror.hangNextWrite(true);
      decide(node, increment("a"));
      node.buffer.changeRoute(mirrored().swappedTo("copy"));
      assertThat(copy.keys("stock")).isEmpty();
      assertThat(decide(node, increment("a")).result()).isEqualTo(2);
      assertThat(insert(node, "a", "b").outcomes())
          .containsExactly(Outcome.DUPLICATE, Outcome.INSERTED);
      hang.release();
      awaitSource(node, "copy");
      assertThat(decide(node, increment("a")).result()).isEqualTo(3);
      awaitAll(node);
      assertThat(TestNode.n(copy.row("stock", "a"))).isEqualTo(3);
    }
  }

  @Test
  void anAnswerOfAPrimaryThatWasSwappedAwayMeanwhileIsNotBelieved() throws Exception {
    try (TestNode node = open()) {
      decide(node, increment("a"));
      awaitAll(node);
      Hang hang = main.hangNextQuestion(false);
      FutureTask<Decided<Long>> asking =
          new FutureTask<>(() -> decide(node, increment("a"), Guard.record("stock", "a")));
      new Thread(asking).start();
      hang.awaitEntered();
      node.buffer.changeRoute(Route.of(Route.ALL, "copy"));
      TestNode.until(() -> node.buffer.status().followers().size() == 1);
      // As if it had been passed over by what came since.
      store.delete("stock", "a");
      hang.release();
      assertThat(asking.get().result()).isEqualTo(2);
      node.flush();
      assertThat(TestNode.n(copy.row("stock", "a"))).isEqualTo(2);
    }
  }

  @Test
  void whatIsWrittenAsOneNeedsOnePrimary() throws Exception {
    Route apart = new Route("stock_events", "copy", List.of("main"), Optional.empty());
    try (TestNode node = open(RouteTable.of("main").with(apart))) {
      long end = node.buffer.status().journal().endSequence();
      assertThatExceptionOfType(BufferException.class)
          .isThrownBy(() -> decide(node, both("a")))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.ROUTES_APART))
          .withMessageContaining("stock=main")
          .withMessageContaining("stock_events=copy");
      assertThat(node.buffer.status().journal().endSequence()).isEqualTo(end);
      assertThat(node.buffer.inFlightBytes()).isZero();
      node.buffer.changeRoute(apart.swappedTo("main"));
      assertThat(decide(node, both("a")).result()).isTrue();
    }
  }

  @Test
  void whatIsReadMayBeInSeveralPrimaries() throws Exception {
    Route apart = Route.of("stock_events", "copy");
    try (TestNode node = open(RouteTable.of("main").with(apart))) {
      Decision<Long> reference =
          draft -> {
            Row event = draft.row("stock_events", "e1").orElse(null);
            put(draft, "a", event == null ? 0 : 7);
            return event == null ? 0L : 7L;
          };
      assertThat(decide(node, reference).result()).isZero();
      decide(
          node,
          draft -> {
            draft.write(Mutation.Kind.PUT, draft.builder("stock_events").set("id", "e1"));
            return true;
          });
      assertThat(decide(node, reference).result()).isEqualTo(7);
      awaitAll(node);
      assertThat(decide(node, reference).result()).isEqualTo(7);
      assertThat(copy.keys("stock")).isEmpty();
      assertThat(store.keys("stock_events")).isEmpty();
    }
  }

  @Test
  void aMirrorOfOneOfTheCollectionsGetsItsShareOfADecision() throws Exception {
    Route events = new Route("stock_events", "main", List.of("copy"), Optional.empty());
    try (TestNode node = open(RouteTable.of("main").with(events))) {
      decide(node, both("a"));
      insert(node, "b");
      decide(node, both("c"));
      awaitAll(node);
      assertThat(copy.keys("stock_events")).containsExactly("e-a", "e-c");
      assertThat(copy.keys("stock")).isEmpty();
      assertThat(store.keys("stock")).containsExactly("a", "b", "c");
      assertThat(node.buffer.status().pendingTotal()).isZero();
      assertThat(node.follower("copy").position()).isEqualTo(node.follower("main").position());
    }
  }

  @Test
  void aReceiptDoesNotChangeItsMindWhenThePrimaryIsSwapped() throws Exception {
    try (TestNode node = open()) {
      Row old = Row.of(Stock.ITEMS).set("item_id", "old").set("n", 1L).build().withVersion(0);
      // The journal knows nothing of it any more.
      store.put(old);
      copy.put(old);
      node.buffer.removeBackend(main);
      Acknowledgement unknown = insert(node, "old", "new");
      assertThat(unknown.outcomes()).containsExactly(Outcome.UNCHECKED, Outcome.UNCHECKED);
      assertThat(receipt(node, unknown).state()).isEqualTo(ReceiptState.State.PENDING);
      node.buffer.changeRoute(mirrored().swappedTo("copy"));
      awaitSource(node, "copy");
      assertThat(receipt(node, unknown).duplicates()).containsExactly("old");
      node.buffer.addBackend(main);
      awaitAll(node);
      node.buffer.changeRoute(mirrored());
      awaitSource(node, "main");
      assertThat(receipt(node, unknown).state()).isEqualTo(ReceiptState.State.DUPLICATE);
      assertThat(receipt(node, unknown).duplicates()).containsExactly("old");
      assertThat(TestNode.n(store.row("stock", "old"))).isEqualTo(1);
      assertThat(TestNode.n(copy.row("stock", "old"))).isEqualTo(1);
      assertThat(copy.keys("stock")).containsExactly("new", "old");
    }
  }

  @Test
  void anArchiveThatKeepsWhatWasDeletedCallsNothingADuplicate() throws Exception {
    RouteTable archive =
        new RouteTable(
            Map.of(Route.ALL, mirrored()),
            Map.of(
                "copy",
                new RouteTable.MirrorOptions(RouteTable.OnLag.DETACH, RouteTable.Deletes.NONE)));
    try (TestNode node = open(archive)) {
      Row kept = Row.of(Stock.ITEMS).set("item_id", "a").set("n", 1L).build().withVersion(0);
      copy.put(kept);
      node.buffer.removeBackend(main);
      Acknowledgement unknown = insert(node, "a");
      TestNode.until(() -> node.follower("copy").lag() == 0);
      node.buffer.addBackend(main);
      awaitAll(node);
      assertThat(receipt(node, unknown).state()).isEqualTo(ReceiptState.State.STORED);
    }
  }
}
