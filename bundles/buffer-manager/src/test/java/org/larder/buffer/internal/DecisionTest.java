package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
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
import org.larder.buffer.ReceiptState;
import org.larder.buffer.Submission;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Query;

/** What was decided is right whatever others write, and stands. */
@Timeout(120)
class DecisionTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();
  private final AskedBackend backend = new AskedBackend(store);

  private TestNode open() throws IOException {
    return open(data);
  }

  private static TestNode open(Path folder) throws IOException {
    TestNode node = new TestNode(folder).open();
    node.buffer.addCollection(Stock.ITEMS);
    node.buffer.addCollection(Stock.EVENTS);
    return node;
  }

  private TestNode follow() throws IOException {
    TestNode node = open();
    node.buffer.addBackend(backend);
    node.awaitAttached();
    node.flush();
    return node;
  }

  static <R> Decided<R> decide(TestNode node, Duration patience, Decision<R> decision, Guard... of)
      throws InvalidRowException {
    return node.buffer.intake().decide(List.of(of), Durability.JOURNAL, patience, decision);
  }

  private static <R> Decided<R> decide(TestNode node, Decision<R> decision, Guard... of)
      throws InvalidRowException {
    return decide(node, TestNode.LONG, decision, of);
  }

  private static Guard item(String key) {
    return Guard.record("stock", key);
  }

  private static void put(Draft draft, String key, String name, long n) throws InvalidRowException {
    draft.write(
        Mutation.Kind.PUT,
        draft.builder("stock").set("item_id", key).set("name", name).set("n", n));
  }

  private static Decision<Long> increment(String key) {
    return draft -> {
      long n = draft.row("stock", key).map(TestNode::n).orElse(0L) + 1;
      put(draft, key, "x", n);
      return n;
    };
  }

  private static long n(TestNode node, String key) throws InvalidRowException {
    return decide(node, draft -> draft.row("stock", key).map(TestNode::n).orElse(-1L)).result();
  }

  static Acknowledgement plain(TestNode node, Durability durability, String key, long n) {
    try (Submission submission = node.buffer.intake().begin("stock", 100)) {
      submission.row().set("item_id", key).set("n", n);
      submission.add(Mutation.Kind.PUT);
      return submission.commit(durability, TestNode.LONG);
    } catch (InvalidRowException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static <T> Future<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(task).start();
    return task;
  }

  private static Reason refusalOf(Future<?> task) throws InterruptedException {
    try {
      throw new AssertionError("It went through: " + task.get());
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(BufferException.class);
      return ((BufferException) e.getCause()).reason();
    }
  }

  private static void refused(Reason reason, Callable<?> decision) {
    assertThatExceptionOfType(BufferException.class)
        .isThrownBy(decision::call)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void manyWantTheOneActiveListAndOneGetsIt() throws Exception {
    try (TestNode node = follow()) {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String key = "list" + i;
        Query active = Query.of(Stock.ITEMS).withFilter(Filter.eq("name", "active"));
        all.add(
            start(
                () ->
                    decide(
                            node,
                            draft -> {
                              boolean free = draft.query(active).rows().isEmpty();
                              if (free) {
                                put(draft, key, "active", 1);
                              }
                              return free;
                            },
                            Guard.claim("active_list", "store"))
                        .result()));
      }
      int winners = 0;
      for (Future<Boolean> one : all) {
        winners += one.get() ? 1 : 0;
      }
      node.flush();
      assertThat(winners).isEqualTo(1);
      assertThat(store.keys("stock")).hasSize(1);
    }
  }

  @Test
  void noChangeOfACounterIsLost() throws Exception {
    try (TestNode node = follow()) {
      List<Future<Long>> all = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        String own = "own" + t;
        all.add(
            start(
                () -> {
                  for (int i = 0; i < 25; i++) {
                    decide(node, increment("shared"), item("shared"));
                    decide(node, increment(own));
                  }
                  return 0L;
                }));
      }
      for (Future<Long> one : all) {
        one.get();
      }
      node.flush();
      assertThat(TestNode.n(store.row("stock", "shared"))).isEqualTo(200);
      assertThat(TestNode.n(store.row("stock", "own3"))).isEqualTo(25);
    }
  }

  @Test
  void aPlainWriteOfTheSameRecordComesBeforeOrAfterADecision() throws Exception {
    try (TestNode node = follow()) {
      AtomicInteger runs = new AtomicInteger();
      List<Thread> writer = new ArrayList<>();
      Decided<Long> decided =
          decide(
              node,
              draft -> {
                if (runs.getAndIncrement() == 0) {
                  Thread thread = new Thread(() -> plain(node, Durability.JOURNAL, "a", 100));
                  thread.start();
                  writer.add(thread);
                  TestNode.until(() -> thread.getState() == Thread.State.TIMED_WAITING);
                }
                put(draft, "a", "x", draft.row("stock", "a").map(TestNode::n).orElse(0L) + 1);
                return 1L;
              },
              item("a"));
      writer.get(0).join();
      node.flush();
      Row row = store.row("stock", "a");
      assertThat(TestNode.n(row)).isEqualTo(100);
      assertThat(row.version()).isGreaterThan(decided.versions().get(0));
    }
  }

  @Test
  void whatIsNotOnTheDiskYetIsWaitedForAndThenSeen() throws Exception {
    try (TestNode node = follow()) {
      node.files.holdForces();
      plain(node, Durability.MEMORY, "a", 7);
      Future<Decided<Long>> decided = start(() -> decide(node, increment("a"), item("a")));
      // Nobody is held up who decides on something else, or just writes.
      plain(node, Durability.MEMORY, "b", 1);
      plain(node, Durability.MEMORY, "a", 8);
      assertThat(decided.isDone()).isFalse();
      node.files.releaseForces();
      assertThat(decided.get().result()).isEqualTo(9);
    }
  }

  @Test
  void nobodyDecidesOnAWriteThatFailed() throws Exception {
    try (TestNode node = follow()) {
      plain(node, Durability.JOURNAL, "a", 1);
      node.files.failForces(new IOException("the disk refuses"));
      node.files.holdForces();
      Future<Decided<Long>> first = start(() -> decide(node, increment("a"), item("a")));
      TestNode.until(() -> node.buffer.unsettledGuards() > 0);
      Future<Decided<Long>> second = start(() -> decide(node, increment("a"), item("a")));
      node.files.releaseForces();
      assertThat(refusalOf(first)).isEqualTo(Reason.JOURNAL_FAILED);
      // It saw that the first never was; the disk refuses it as well.
      assertThat(refusalOf(second)).isEqualTo(Reason.JOURNAL_FAILED);
      node.files.failForces(null);
      assertThat(n(node, "a")).isEqualTo(1);
      assertThat(decide(node, increment("a")).result()).isEqualTo(2);
    }
  }

  @Test
  void whileThePrimaryIsAwayNothingIsDecidedThatHangsOnIt() throws Exception {
    try (TestNode node = follow()) {
      node.hold(true);
      plain(node, Durability.JOURNAL, "pending", 1);
      node.buffer.removeBackend(backend);
      refused(Reason.BACKEND_AWAY, () -> decide(node, increment("unknown")));
      // What is pending says all there is to say.
      assertThat(decide(node, increment("pending")).result()).isEqualTo(2);
    }
  }

  @Test
  void aPrimaryThatHangsEndsTheDecisionInTimeAndFreesTheGuards() throws Exception {
    try (TestNode node = follow()) {
      Hang hang = backend.hangNextQuestion(false);
      refused(
          Reason.UNDECIDED, () -> decide(node, Duration.ofMillis(100), increment("a"), item("a")));
      assertThat(decide(node, increment("a"), item("a")).result()).isEqualTo(1);
      hang.release();
    }
  }

  @Test
  void aDecisionThatThrowsFreesItsGuardsAndWritesNothing() throws Exception {
    try (TestNode node = follow()) {
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(
              () ->
                  decide(
                      node,
                      draft -> {
                        put(draft, "a", "x", 1);
                        throw new UnsupportedOperationException("409");
                      },
                      item("a")));
      assertThat(n(node, "a")).isEqualTo(-1);
      assertThat(decide(node, Duration.ofSeconds(1), increment("a"), item("a")).result())
          .isEqualTo(1);
    }
  }

  @Test
  void aDecisionStandsAfterACrashBeforeTheDrain(@TempDir Path copy) throws Exception {
    try (TestNode node = follow()) {
      node.hold(true);
      decide(node, increment("a"));
      decide(
          node,
          draft -> {
            draft.delete("stock", "b");
            put(draft, "c", "claimed", 1);
            return true;
          });
      node.copyDataTo(copy);
    }
    try (TestNode node = open(copy)) {
      // Before the primary is back: the journal has it all.
      assertThat(decide(node, increment("a")).result()).isEqualTo(2);
      assertThat(n(node, "b")).isEqualTo(-1);
      node.buffer.addBackend(new FakeBackend(store.copy()));
      node.awaitAttached();
      Query claimed = Query.of(Stock.ITEMS).withFilter(Filter.eq("name", "claimed"));
      assertThat(decide(node, draft -> draft.query(claimed).rows().size()).result()).isEqualTo(1);
      node.flush();
      assertThat(n(node, "a")).isEqualTo(2);
    }
  }

  @Test
  void aStopSendsWaitingDecisionsAway() throws Exception {
    TestNode node = follow();
    Hang hang = backend.hangNextQuestion(true);
    Future<Decided<Long>> asking = start(() -> decide(node, increment("a"), item("a")));
    hang.awaitEntered();
    List<Thread> threads = new ArrayList<>();
    FutureTask<Decided<Long>> waiting =
        new FutureTask<>(() -> decide(node, increment("a"), item("a")));
    threads.add(new Thread(waiting));
    threads.get(0).start();
    TestNode.until(() -> threads.get(0).getState() == Thread.State.TIMED_WAITING);
    node.close();
    assertThat(refusalOf(asking)).isIn(Reason.BACKEND_AWAY, Reason.CLOSED);
    assertThat(refusalOf(waiting)).isEqualTo(Reason.CLOSED);
  }

  @Test
  void aRecordThatIsNamedLateIsGuardedAsWell() throws Exception {
    try (TestNode node = follow()) {
      AtomicInteger runs = new AtomicInteger();
      decide(
          node,
          draft -> {
            runs.incrementAndGet();
            put(draft, "a", "x", 1);
            assertThat(draft.row("stock", "a").map(TestNode::n)).contains(1L);
            assertThat(draft.row("stock", "b")).isEmpty();
            return 0;
          });
      assertThat(runs).hasValue(3);
    }
  }

  @Test
  void aDecisionThatMakesItsKeyWithinEndsWhenItsTimeIsOver() throws Exception {
    try (TestNode node = follow()) {
      AtomicInteger runs = new AtomicInteger();
      refused(
          Reason.UNDECIDED,
          () ->
              decide(
                  node,
                  Duration.ofMillis(50),
                  draft -> draft.row("stock", "new" + runs.incrementAndGet())));
      assertThat(runs).hasValueGreaterThan(1);
    }
  }

  @Test
  void recordsOfSeveralCollectionsAreStoredOrRefusedTogether() throws Exception {
    try (TestNode node = follow()) {
      Decision<Integer> both =
          draft -> {
            put(draft, "a", "x", 1);
            draft.write(
                Mutation.Kind.PUT,
                draft.builder("stock_events").set("id", "e1").set("item_id", "a"));
            put(draft, "b", "x", 2);
            return 0;
          };
      node.hold(true);
      Decided<Integer> first = decide(node, both);
      assertThat(node.buffer.status().pending())
          .containsEntry("stock", 2L)
          .containsEntry("stock_events", 1L);
      node.hold(false);
      node.flush();
      assertThat(store.row("stock", "b").version()).isEqualTo(first.versions().get(2));
      assertThat(store.row("stock_events", "e1").version()).isEqualTo(first.versions().get(1));
      assertThat(node.buffer.status().pendingTotal()).isZero();
      backend.refuse(true, item -> item.collection().equals("stock_events"));
      Decided<Integer> second = decide(node, both);
      node.flush();
      assertThat(node.buffer.receipt(second.acknowledgement().receipt()).orElseThrow().state())
          .isEqualTo(ReceiptState.State.DEAD_LETTERED);
      assertThat(node.buffer.deadLetters()).hasSize(3);
      assertThat(store.row("stock", "a").version()).isEqualTo(first.versions().get(0));
      assertThat(node.buffer.status().pendingTotal()).isZero();
    }
  }

  @Test
  void aConditionOnTheVersionHoldsWhileDrainedAndPending() throws Exception {
    try (TestNode node = follow()) {
      long version = decide(node, increment("a")).versions().get(0);
      node.flush();
      Decision<Boolean> ifMatch =
          draft -> {
            Optional<Row> row = draft.row("stock", "a");
            boolean matches = row.map(Row::version).equals(Optional.of(version));
            if (matches) {
              put(draft, "a", "mine", 9);
            }
            return matches;
          };
      assertThat(decide(node, ifMatch).result()).isTrue();
      Decided<Boolean> again = decide(node, ifMatch);
      assertThat(again.result()).isFalse();
      assertThat(again.acknowledgement().receipt()).isEmpty();
      assertThat(again.versions()).isEmpty();
    }
  }

  @Test
  void whatCannotBeGuardedIsRefused() throws Exception {
    try (TestNode node = follow()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> decide(node, draft -> draft.row("notes", "a")));
      assertThatIllegalStateException()
          .isThrownBy(() -> decide(node, draft -> decide(node, increment("b")), item("a")));
      assertThatIllegalStateException()
          .isThrownBy(
              () -> decide(node, draft -> plain(node, Durability.JOURNAL, "b", 1), item("a")));
      List<Draft> kept = new ArrayList<>();
      decide(node, kept::add);
      assertThatIllegalStateException().isThrownBy(() -> kept.get(0).row("stock", "a"));
    }
  }
}
