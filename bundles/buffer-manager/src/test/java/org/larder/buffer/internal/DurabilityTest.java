package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.BufferException;
import org.larder.buffer.Durability;
import org.larder.buffer.ReceiptState;

/** An acknowledgement comes when its durability is reached, and not before. */
@Timeout(30)
class DurabilityTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();

  @Test
  void memoryDoesNotWaitForTheDisk() throws IOException {
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.flush();
      node.files.holdForces();
      Acknowledgement done = node.put(Durability.MEMORY, Duration.ZERO, "a");
      assertThat(done.reached()).isEqualTo(Durability.MEMORY);
      // Followers read only what is synced, even when somebody waits for them.
      assertThatThrownBy(() -> node.buffer.flush(Duration.ofSeconds(1)))
          .isInstanceOf(BufferException.class);
      assertThat(store.keys("notes")).isEmpty();
      node.files.releaseForces();
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a");
    }
  }

  @Test
  void journalWaitsForTheForce() throws IOException {
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try (TestNode node = new TestNode(data).open()) {
      node.files.holdForces();
      Future<Acknowledgement> answer = writer.submit(() -> node.puts("a"));
      TestNode.until(() -> node.buffer.status().journal().endSequence() == 2);
      assertThat(answer.isDone()).isFalse();
      node.files.releaseForces();
      assertThat(answer)
          .succeedsWithin(TestNode.LONG)
          .extracting(Acknowledgement::reached)
          .isEqualTo(Durability.JOURNAL);
    } finally {
      writer.shutdownNow();
    }
  }

  @Test
  void backendWaitsForTheBackendAndElseNamesTheJournal() throws IOException {
    TestNode node = new TestNode(data);
    node.flushInterval = Duration.ofSeconds(30);
    FakeBackend backend = new FakeBackend(store);
    try (node) {
      node.open(backend);
      node.awaitAttached();
      // At once, although the interval is long.
      Acknowledgement done = node.put(Durability.BACKEND, TestNode.LONG, "a");
      assertThat(done.reached()).isEqualTo(Durability.BACKEND);
      assertThat(store.keys("notes")).containsExactly("a");
      node.hold(true);
      Acknowledgement held = node.put(Durability.BACKEND, Duration.ofMillis(50), "b");
      assertThat(held.reached()).isEqualTo(Durability.JOURNAL);
      assertThat(node.buffer.receipt(held.receipt()).orElseThrow().state())
          .isEqualTo(ReceiptState.State.PENDING);
      node.buffer.removeBackend(backend);
      assertThat(node.put(Durability.BACKEND, TestNode.LONG, "c").reached())
          .isEqualTo(Durability.JOURNAL);
    }
  }

  @Test
  void aFailedForceIsAnErrorAndNotPending() throws IOException {
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.awaitAttached();
      node.files.failForces(new IOException("broken disk"));
      assertThatThrownBy(() -> node.puts("a")).isInstanceOf(BufferException.class);
      Acknowledgement lost = node.put(Durability.MEMORY, Duration.ZERO, "b");
      TestNode.until(() -> node.buffer.status().journal().failedForces() == 2);
      // Nobody will ever reach those sequences: a flush does not wait for them.
      assertThat(node.flush().written()).isEmpty();
      node.files.failForces(null);
      node.puts("c");
      node.flush();
      assertThat(store.keys("notes")).containsExactly("c");
      assertThat(node.buffer.status().pendingTotal()).isZero();
      assertThat(node.buffer.receipt(lost.receipt()).orElseThrow().state())
          .isEqualTo(ReceiptState.State.LOST);
    }
  }
}
