package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.BufferException;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.ReceiptState;
import org.larder.buffer.ReplayResult;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StorageException.Severity;

/** What becomes of a replay that something comes in the way of. */
@Timeout(60)
class ReplayFailureTest {
  @TempDir Path data;
  private final AtomicInteger failingSyncs = new AtomicInteger();
  private final FakeStore store = new FakeStore();
  private final FakeBackend backend =
      new FakeBackend("main", store, Capability.INSERT_IF_ABSENT) {
        @Override
        public Position sync(String follower, int lane) {
          if (failingSyncs.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw away();
          }
          return super.sync(follower, lane);
        }
      };

  private int committedBefore;

  private static StorageException away() {
    return new StorageException(Severity.RETRY, "STORE_UNAVAILABLE", "as told");
  }

  private static ReplayResult replay(TestNode node) {
    return node.buffer.replay("main", LetterFilter.ALL, TestNode.LONG);
  }

  /** A node with letters that are offered in a part each, since they are inserts. */
  private TestNode buried(String... keys) throws IOException {
    backend.refuse(true, item -> true);
    TestNode node = new TestNode(data).open(backend);
    for (String key : keys) {
      node.write(Mutation.Kind.INSERT, key, row -> row.set("n", 1L));
      node.flush();
    }
    assertThat(node.buffer.deadLetters()).hasSize(keys.length);
    backend.refuse(true, item -> false);
    committedBefore = backend.batches.size();
    return node;
  }

  /** Does something when that key is about to be written for the first time. */
  private void when(String key, Runnable comes) {
    AtomicInteger times = new AtomicInteger();
    backend.refuse(
        true,
        item -> {
          if (item.key().equals(key) && times.getAndIncrement() == 0) {
            comes.run();
          }
          return false;
        });
  }

  private List<String> keysWritten() {
    List<String> keys = new ArrayList<>();
    backend.batches.stream()
        .skip(committedBefore)
        .flatMap(batch -> batch.changes().stream())
        .flatMap(changes -> changes.mutations().stream())
        .forEach(item -> keys.add(item.key()));
    return keys;
  }

  @Test
  void backendThatFailsAfterAPartGetsTheRestAndNothingTwice() throws IOException {
    try (TestNode node = buried("a", "b", "c", "d")) {
      when("b", () -> backend.fail(Severity.RETRY, "STORE_BUSY", 3));
      ReplayResult result = replay(node);
      assertThat(result).isEqualTo(new ReplayResult(4, 0, result.refused()));
      assertThat(result.refused()).isEmpty();
      assertThat(node.buffer.deadLetters()).isEmpty();
      assertThat(keysWritten()).containsExactly("a", "b", "c", "d");
      assertThat(replay(node).replayed()).isZero();
      assertThat(keysWritten()).hasSize(4);
    }
  }

  @Test
  void whatWasRefusedBeforeTheFailureIsOfferedAgainAfterIt() throws IOException {
    try (TestNode node = buried("a", "b", "c", "d")) {
      AtomicInteger failures = new AtomicInteger();
      backend.refuse(
          true,
          item -> {
            if (item.key().equals("c") && failures.getAndIncrement() == 0) {
              backend.fail(Severity.RETRY, "STORE_BUSY", 1);
            }
            return item.key().equals("b");
          });
      ReplayResult result = replay(node);
      assertThat(result.replayed()).isEqualTo(3);
      assertThat(result.left()).isEqualTo(1);
      assertThat(result.refused().orElseThrow().row().key()).isEqualTo("b");
      assertThat(store.keys("notes")).containsExactly("a", "c", "d");
      assertThat(node.buffer.deadLetters()).hasSize(1);
    }
  }

  @Test
  void lostAnswerToTheLastPartEndsTheReplay() throws IOException {
    try (TestNode node = buried("a", "b")) {
      when("b", () -> backend.loseNextAnswer(away()));
      assertThat(replay(node).replayed()).isEqualTo(2);
      assertThat(node.buffer.deadLetters()).isEmpty();
      assertThat(keysWritten()).containsExactly("a", "b");
    }
  }

  @Test
  void lostAnswerInTheMiddleLosesNoLetter() throws IOException {
    try (TestNode node = buried("a", "b", "c")) {
      when("b", () -> backend.loseNextAnswer(away()));
      assertThat(replay(node).replayed()).isEqualTo(3);
      assertThat(node.buffer.deadLetters()).isEmpty();
      assertThat(store.keys("notes")).containsExactly("a", "b", "c");
    }
  }

  @Test
  void syncThatFailsBehindTheLastPartIsMadeUpFor() throws IOException {
    try (TestNode node = buried("a", "b")) {
      when("b", () -> failingSyncs.set(2));
      assertThat(replay(node).replayed()).isEqualTo(2);
      assertThat(node.buffer.deadLetters()).isEmpty();
      assertThat(keysWritten()).containsExactly("a", "b");
    }
  }

  @Test
  void crashInTheMiddleIsGoneOnFromAtTheNextStart(@TempDir Path crashed) throws Exception {
    FakeStore storeThen;
    try (TestNode node = buried("a", "b", "c")) {
      AtomicReference<Hang> hang = new AtomicReference<>();
      when("a", () -> hang.set(backend.hangNextWrite(false)));
      try (Ordered ordered = new Ordered(node)) {
        TestNode.until(() -> hang.get() != null);
        hang.get().awaitEntered();
        node.copyDataTo(crashed.resolve("data"));
        storeThen = store.copy();
        hang.get().release();
        assertThat(ordered.result().replayed()).isEqualTo(3);
      }
    }
    assertThat(storeThen.keys("notes")).containsExactly("a");
    try (TestNode node = new TestNode(crashed.resolve("data")).open(new FakeBackend(storeThen))) {
      node.flush();
      TestNode.until(() -> node.buffer.deadLetters().isEmpty());
      assertThat(storeThen.keys("notes")).containsExactly("a", "b", "c");
    }
  }

  /** A replay that another thread waits for. */
  private static final class Ordered implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<ReplayResult> result;

    Ordered(TestNode node) {
      result = thread.submit(() -> replay(node));
    }

    ReplayResult result() throws Exception {
      return result.get();
    }

    @Override
    public void close() {
      thread.shutdownNow();
    }
  }

  @Test
  void discardLeavesALetterToTheReplayThatOffersIt() throws Exception {
    backend.refuse(true, item -> true);
    try (TestNode node = new TestNode(data).open(backend)) {
      Acknowledgement given = node.put("a", 1);
      node.flush();
      Hang hang = backend.hangNextWrite(false);
      backend.refuse(true, item -> false);
      try (Ordered ordered = new Ordered(node)) {
        hang.awaitEntered();
        assertThat(node.buffer.discard("main", LetterFilter.ALL)).isZero();
        hang.release();
        assertThat(ordered.result().replayed()).isEqualTo(1);
      }
      assertThat(node.buffer.receipt(given.receipt()).orElseThrow().state())
          .isEqualTo(ReceiptState.State.STORED);
      assertThat(store.keys("notes")).containsExactly("a");
    }
  }

  @Test
  void letterThatARefusedReplayOfferedCanBeDiscardedAfterIt() throws IOException {
    try (TestNode node = buried("a", "b")) {
      backend.refuse(true, item -> item.key().equals("a"));
      assertThat(replay(node).replayed()).isEqualTo(1);
      assertThat(node.buffer.discard("main", LetterFilter.ALL)).isEqualTo(1);
      assertThat(node.buffer.deadLetters()).isEmpty();
    }
  }

  @Test
  void replayedLettersAreForgottenWithoutAnotherReplay() throws IOException {
    try (TestNode node = buried("a", "b")) {
      Path file = data.resolve("buffer/dead-letters-main");
      replay(node);
      long withReplayed = Files.size(file);
      long end = node.buffer.status().journal().endSequence();
      String body = "x".repeat(100_000);
      TestNode.until(
          () -> {
            try {
              node.write(Mutation.Kind.PUT, "big", row -> row.set("body", body));
            } catch (BufferException e) {
              // It is faster than the store, which is synced before the journal shrinks.
              assertThat(e.reason()).isEqualTo(BufferException.Reason.FULL);
            }
            return node.buffer.status().journal().startSequence() > end;
          });
      node.puts("last");
      node.flush();
      TestNode.until(() -> size(file) < withReplayed);
      assertThat(DurableFile.read(file).entries()).hasSize(1);
    }
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  @Test
  void lettersThatCannotBeWrittenAreNotCalledAFullDisk() throws IOException {
    try (TestNode node = buried("a")) {
      Path inTheWay = Files.createDirectory(data.resolve("buffer/dead-letters-main.new"));
      BufferException failure =
          catchThrowableOfType(
              BufferException.class, () -> node.buffer.discard("main", LetterFilter.ALL));
      assertThat(failure.reason()).isEqualTo(BufferException.Reason.NODE_DISK_FAILED);
      assertThat(failure.getMessage())
          .contains("nothing was discarded")
          .doesNotContain(data.toString());
      assertThat(node.buffer.deadLetters()).hasSize(1);
      Files.delete(inTheWay);
      assertThat(node.buffer.discard("main", LetterFilter.ALL)).isEqualTo(1);
    }
  }
}
