package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.Durability;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.ReceiptState;
import org.larder.buffer.Submission;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/** What was acknowledged gets into the backend: once, in the order of each key. */
class AcknowledgedTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();

  @Test
  void acknowledgedItemsReachTheBackend() throws IOException {
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.puts("a", "b", "c");
      node.put("d", 4);
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a", "b", "c", "d");
      assertThat(TestNode.n(store.row("notes", "d"))).isEqualTo(4);
    }
  }

  @Test
  void twoWritesOfAKeyTakeEffectInOrder() throws IOException {
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      for (int i = 1; i <= 50; i++) {
        node.put("a", i);
        node.write(Mutation.Kind.MERGE, "a", row -> row.set("book", "x"));
      }
      node.flush();
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(50);
      assertThat(store.row("notes", "a").value("book")).isEqualTo("x");
    }
  }

  @Test
  void orderOfAKeyHoldsAcrossRestartAndSwap() throws IOException {
    FakeBackend first = new FakeBackend(store);
    try (TestNode node = new TestNode(data).open(first)) {
      node.put("a", 1);
      node.buffer.removeBackend(first);
      node.put("a", 2);
      node.buffer.addBackend(new FakeBackend(store));
      node.put("a", 3);
      node.flush();
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(3);
      node.hold(true);
      node.put("a", 4);
    }
    try (TestNode node = new TestNode(data).open()) {
      node.put("a", 5);
      node.write(Mutation.Kind.MERGE, "a", row -> row.set("body", "end"));
      node.buffer.addBackend(new FakeBackend(store));
      node.flush();
      Row row = store.row("notes", "a");
      assertThat(TestNode.n(row)).isEqualTo(5);
      assertThat(row.value("body")).isEqualTo("end");
    }
  }

  @Test
  void theSameBatchTwiceIsOnce() throws IOException {
    FakeBackend backend = new FakeBackend(store);
    try (TestNode node = new TestNode(data).open(backend)) {
      node.puts("a", "b");
      node.flush();
      List<Row> once = store.rows("notes");
      node.puts("a", "b");
      node.flush();
      assertThat(store.rows("notes")).isEqualTo(once);
    }
  }

  @Test
  void lostAnswerAfterCommitDoublesNothing() throws IOException {
    FakeBackend backend = new FakeBackend(store);
    TestNode node = new TestNode(data);
    node.flushInterval = Duration.ofSeconds(30);
    try (node) {
      node.open(backend);
      node.flush();
      backend.loseNextAnswer(new IllegalStateException("connection lost"));
      node.puts("a", "b");
      assertThat(node.flush().written()).containsEntry("notes", 2L);
      assertThat(store.keys("notes")).containsExactly("a", "b");
      assertThat(node.buffer.status().pendingTotal()).isZero();
    }
  }

  @Test
  void restartWithTheBackendAwayReplays() throws IOException {
    try (TestNode node = new TestNode(data).open()) {
      node.puts("a", "b");
    }
    try (TestNode node = new TestNode(data).open()) {
      assertThat(node.follower().state()).isEqualTo(FollowerStatus.State.AWAY);
      node.buffer.addBackend(new FakeBackend(store));
      TestNode.until(() -> node.buffer.recovery().replayed() == 2);
      assertThat(node.flush().took()).isLessThan(TestNode.LONG);
      assertThat(store.keys("notes")).containsExactly("a", "b");
      assertThat(node.buffer.status().pendingTotal()).isZero();
      assertThat(node.buffer.status().ready()).isTrue();
    }
  }

  @Test
  void aKilledNodeLosesNothingAcknowledged(@TempDir Path copy) throws IOException {
    List<String> keys = new ArrayList<>();
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.puts("before");
      node.flush();
      node.hold(true);
      IntStream.range(0, 500).forEach(i -> keys.add("k" + (1_000 + i)));
      keys.forEach(key -> node.puts(key));
      node.copyDataTo(copy);
    }
    FakeStore after = store.copy();
    try (TestNode node = new TestNode(copy).open(new FakeBackend(after))) {
      node.flush();
      keys.add(0, "before");
      assertThat(after.keys("notes")).containsExactlyElementsOf(keys);
    }
  }

  @Test
  void aMemoryReceiptBeyondTheEpochsEndSaysLost(@TempDir Path copy) throws IOException {
    Acknowledgement kept;
    Acknowledgement lost;
    try (TestNode node = new TestNode(data).open()) {
      kept = node.puts("kept");
      // What the disk has when the power goes.
      node.copyDataTo(copy);
      node.files.holdForces();
      lost = node.put(Durability.MEMORY, Duration.ZERO, "lost");
      assertThat(node.buffer.receipt(lost.receipt()).orElseThrow().state())
          .isEqualTo(ReceiptState.State.PENDING);
      node.files.releaseForces();
    }
    try (TestNode node = new TestNode(copy).open(new FakeBackend(store))) {
      node.puts("later");
      node.flush();
      assertThat(node.buffer.receipt(kept.receipt()).orElseThrow().state())
          .isEqualTo(ReceiptState.State.STORED);
      assertThat(node.buffer.receipt(lost.receipt()).orElseThrow().state())
          .isEqualTo(ReceiptState.State.LOST);
      assertThat(store.keys("notes")).containsExactly("kept", "later");
    }
  }

  @Test
  void manyFramesOfOneSubmissionHaveOneReceipt() throws IOException {
    FakeBackend backend = new FakeBackend(store);
    try (TestNode node = new TestNode(data).open(backend)) {
      String body = "x".repeat(100_000);
      try (Submission submission = node.begin()) {
        for (int i = 0; i < 3; i++) {
          TestNode.add(submission, Mutation.Kind.PUT, "k" + i, row -> row.set("body", body));
        }
        Acknowledgement done = submission.commit(Durability.BACKEND, TestNode.LONG);
        assertThat(done.count()).isEqualTo(3);
        assertThat(done.reached()).isEqualTo(Durability.BACKEND);
        assertThat(node.buffer.receipt(done.receipt()).orElseThrow().state())
            .isEqualTo(ReceiptState.State.STORED);
      }
    }
  }
}
