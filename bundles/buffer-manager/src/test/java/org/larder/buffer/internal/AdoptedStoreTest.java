package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.Answer;
import org.larder.buffer.Consistency;
import org.larder.buffer.Decision;
import org.larder.buffer.Durability;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.Guard;
import org.larder.buffer.Outcome;
import org.larder.buffer.ReceiptState;
import org.larder.buffer.Route;
import org.larder.buffer.Submission;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;
import org.larder.storage.spi.Capability;

/** What another journal has stored is older than whatever comes to the node that adopts it. */
@Timeout(120)
class AdoptedStoreTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();

  /** An item whose version lies far beyond the sequences of a journal that begins. */
  @BeforeEach
  void storeElsewhere(@TempDir Path elsewhere) throws IOException {
    try (TestNode node = open(elsewhere)) {
      node.buffer.addBackend(backend());
      for (int i = 0; i < 50; i++) {
        put(node, 5);
      }
      node.flush();
    }
    assertThat(TestNode.n(store.row("stock", "k"))).isEqualTo(5);
  }

  private FakeBackend backend() {
    return new FakeBackend("main", store, Capability.INSERT_IF_ABSENT);
  }

  private static TestNode open(Path folder) throws IOException {
    TestNode node = new TestNode(folder).open();
    node.buffer.addCollection(Stock.ITEMS);
    return node;
  }

  private void adopt(TestNode node) {
    node.buffer.addBackend(backend());
    TestNode.until(() -> node.follower("main").state() == FollowerStatus.State.HALTED);
    node.buffer.adopt("main");
    node.flush();
    assertThat(store.row("stock", "k").version())
        .isGreaterThan(node.buffer.status().journal().endSequence());
  }

  private static void put(TestNode node, long n) {
    DecisionTest.plain(node, Durability.JOURNAL, "k", n);
  }

  private static long increment(TestNode node) throws InvalidRowException {
    Decision<Long> decision =
        draft -> {
          long n = TestNode.n(draft.row("stock", "k").orElseThrow()) + 1;
          draft.write(Mutation.Kind.MERGE, draft.builder("stock").set("item_id", "k").set("n", n));
          return n;
        };
    return DecisionTest.decide(node, TestNode.LONG, decision, Guard.record("stock", "k")).result();
  }

  @Test
  void whatIsPendingIsLaidOverItsRows() throws Exception {
    try (TestNode node = open(data)) {
      adopt(node);
      node.hold(true);
      put(node, 99);
      Row row = node.buffer.reader().get("stock", "k", Consistency.BUFFERED).value().orElseThrow();
      assertThat(TestNode.n(row)).isEqualTo(99);
      Answer<Page> page = node.buffer.reader().query(Query.of(Stock.ITEMS), Consistency.BUFFERED);
      assertThat(page.value().rows()).extracting(TestNode::n).containsExactly(99L);
    }
  }

  @Test
  void decisionsCountOnFromWhatIsPending() throws Exception {
    try (TestNode node = open(data)) {
      adopt(node);
      node.hold(true);
      List<Long> counted = List.of(increment(node), increment(node), increment(node));
      assertThat(counted).containsExactly(6L, 7L, 8L);
      node.hold(false);
      node.flush();
      assertThat(TestNode.n(store.row("stock", "k"))).isEqualTo(8);
    }
  }

  @Test
  void anInsertOfARecordThatItHasIsADuplicate() throws Exception {
    try (TestNode node = open(data)) {
      Acknowledgement taken = insert(node);
      assertThat(taken.outcomes()).containsExactly(Outcome.UNCHECKED);
      adopt(node);
      ReceiptState receipt = node.buffer.receipt(taken.receipt()).orElseThrow();
      assertThat(receipt.state()).isEqualTo(ReceiptState.State.DUPLICATE);
      assertThat(receipt.duplicates()).containsExactly("k");
      assertThat(TestNode.n(store.row("stock", "k"))).isEqualTo(5);
    }
  }

  private static Route mirrored() {
    return new Route(Route.ALL, "main", List.of("copy"), Optional.empty());
  }

  @Test
  void aMirrorThatJoinsGetsItsRows() throws IOException {
    FakeStore copied = new FakeStore();
    try (TestNode node = open(data)) {
      adopt(node);
      node.buffer.addBackend(new FakeBackend("copy", copied));
      node.buffer.changeRoute(mirrored());
      node.awaitLive("copy");
      assertThat(TestNode.n(copied.row("stock", "k"))).isEqualTo(5);
      assertThat(copied.row("stock", "k").version()).isZero();
    }
  }

  private static Acknowledgement insert(TestNode node) throws InvalidRowException {
    try (Submission submission = node.buffer.intake().begin("stock", 100)) {
      submission.row().set("item_id", "k").set("n", 7L).checkComplete();
      submission.add(Mutation.Kind.INSERT);
      return submission.commit(Durability.JOURNAL, TestNode.LONG);
    }
  }
}
