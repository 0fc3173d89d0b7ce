package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.Durability;
import org.larder.buffer.FlushResult;
import org.larder.buffer.Submission;

/** A flush drains what was acknowledged before it, and says exactly how much that was. */
@Timeout(30)
class FlushTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();

  private static void putTag(TestNode node, String tag) throws Exception {
    try (Submission submission = node.buffer.intake().begin("tags", 10)) {
      submission.row().set("tag", tag);
      submission.add(org.larder.storage.model.Mutation.Kind.PUT);
      submission.commit(Durability.JOURNAL, TestNode.LONG);
    }
  }

  @Test
  void countsByCollection() throws Exception {
    TestNode node = new TestNode(data);
    node.flushInterval = Duration.ofSeconds(30);
    try (node) {
      node.open(new FakeBackend(store));
      node.buffer.addCollection(Notes.TAGS);
      assertThat(node.flush().written()).isEmpty();
      node.puts("a", "b");
      node.puts("a");
      putTag(node, "t");
      assertThat(node.buffer.status().pending())
          .containsEntry("notes", 3L)
          .containsEntry("tags", 1L);
      assertThat(node.flush().written())
          .containsOnly(Map.entry("notes", 3L), Map.entry("tags", 1L));
      assertThat(node.flush().written()).isEmpty();
      assertThat(node.buffer.status().lastFlush()).contains(node.clock.instant());
    }
  }

  @Test
  void countsAreExactUnderConcurrentWriters() throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(4);
    TestNode node = new TestNode(data);
    node.flushSize = 100_000;
    node.flushInterval = Duration.ofSeconds(30);
    try (node) {
      node.open(new FakeBackend(store));
      node.buffer.addCollection(Notes.TAGS);
      node.flush();
      List<Future<?>> all = new ArrayList<>();
      for (int w = 0; w < 4; w++) {
        String writer = "w" + w + "-";
        all.add(
            writers.submit(
                () -> {
                  for (int i = 0; i < 300; i++) {
                    node.puts(writer + i, writer + "x" + i);
                    putTag(node, writer + i);
                  }
                  return null;
                }));
      }
      for (Future<?> future : all) {
        future.get();
      }
      assertThat(node.flush().written())
          .containsOnly(Map.entry("notes", 2_400L), Map.entry("tags", 1_200L));
      assertThat(node.buffer.status().pendingTotal()).isZero();
      assertThat(store.keys("notes")).hasSize(2_400);
      assertThat(store.keys("tags")).hasSize(1_200);
    } finally {
      writers.shutdownNow();
    }
  }

  @Test
  void whatComesAfterTheCallIsNotCounted() throws Exception {
    ExecutorService caller = Executors.newSingleThreadExecutor();
    FakeBackend backend = new FakeBackend(store);
    TestNode node = new TestNode(data);
    node.flushInterval = Duration.ofSeconds(30);
    try (node) {
      node.open(backend);
      node.flush();
      Hang hang = backend.hangNextWrite(true);
      node.puts("a", "b");
      Future<FlushResult> flush = caller.submit(node::flush);
      hang.awaitEntered();
      node.puts("c");
      hang.release();
      assertThat(flush.get().written()).containsOnly(Map.entry("notes", 2L));
      assertThat(node.flush().written()).containsOnly(Map.entry("notes", 1L));
    } finally {
      caller.shutdownNow();
    }
  }

  @Test
  void callersShareOneDrain() throws IOException, InterruptedException, ExecutionException {
    ExecutorService callers = Executors.newFixedThreadPool(8);
    FakeBackend backend = new FakeBackend(store);
    TestNode node = new TestNode(data);
    node.flushInterval = Duration.ofSeconds(30);
    try (node) {
      node.open(backend);
      node.flush();
      int before = backend.batches.size();
      Hang hang = backend.hangNextWrite(true);
      node.puts("a", "b", "c");
      List<Future<FlushResult>> flushes = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        flushes.add(callers.submit(node::flush));
      }
      hang.awaitEntered();
      hang.release();
      for (Future<FlushResult> flush : flushes) {
        flush.get();
      }
      assertThat(backend.batches).hasSize(before + 1);
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void theDeadlineIsKept() throws IOException, InterruptedException {
    FakeBackend backend = new FakeBackend(store);
    Hang hang = backend.hangNextWrite(true);
    try (TestNode node = new TestNode(data).open(backend)) {
      node.puts("a");
      hang.awaitEntered();
      assertThatThrownBy(() -> node.buffer.flush(Duration.ofMillis(30)))
          .asInstanceOf(type(BufferException.class))
          .extracting(BufferException::reason)
          .isEqualTo(Reason.DEADLINE);
      hang.release();
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a");
    }
  }

  @Test
  void anAwayBackendIsToldAtOnce() throws IOException {
    FakeBackend backend = new FakeBackend(store);
    try (TestNode node = new TestNode(data).open(backend)) {
      node.flush();
      node.buffer.removeBackend(backend);
      node.puts("a");
      long before = System.nanoTime();
      assertThatThrownBy(() -> node.buffer.flush(Duration.ofSeconds(20)))
          .asInstanceOf(type(BufferException.class))
          .extracting(BufferException::reason)
          .isEqualTo(Reason.BACKEND_AWAY);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
      // And as soon as it is there, a flush waits for it.
      node.buffer.addBackend(new FakeBackend(store));
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a");
    }
  }

  @Test
  void aBackendThatGoesEndsTheWait() throws Exception {
    ExecutorService caller = Executors.newSingleThreadExecutor();
    FakeBackend backend = new FakeBackend(store);
    Hang hang = backend.hangNextWrite(true);
    try (TestNode node = new TestNode(data).open(backend)) {
      node.puts("a");
      hang.awaitEntered();
      Future<FlushResult> flush = caller.submit(node::flush);
      hang.release();
      node.buffer.removeBackend(backend);
      node.puts("b");
      assertThatThrownBy(() -> node.buffer.flush(Duration.ofSeconds(20)))
          .isInstanceOf(BufferException.class);
      TestNode.until(flush::isDone);
    } finally {
      caller.shutdownNow();
    }
  }
}
