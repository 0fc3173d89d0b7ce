package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.BufferException;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.ReceiptState;
import org.larder.buffer.ReplayResult;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.StorageException;

/** Dead letters come back in the order of their keys, or are given up for good. */
@Timeout(30)
class ReplayTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();
  private final FakeBackend backend = new FakeBackend(store);
  private FakeStore beforeTheLetters;

  private static List<Long> numbers(TestNode node) {
    return node.buffer.deadLetters().stream().map(letter -> TestNode.n(letter.row())).toList();
  }

  private static ReplayResult replay(TestNode node, LetterFilter filter) {
    return node.buffer.replay("main", filter, TestNode.LONG);
  }

  private static ReceiptState.State state(TestNode node, Acknowledgement of) {
    return node.buffer.receipt(of.receipt()).orElseThrow().state();
  }

  /** A node with five letters: three of a and two of b. */
  private TestNode buried() throws IOException {
    backend.refuse(true, item -> true);
    TestNode node = new TestNode(data).open(backend);
    node.flush();
    beforeTheLetters = store.copy();
    for (int i = 1; i <= 5; i++) {
      node.put(i % 2 == 1 ? "a" : "b", i);
      node.flush();
    }
    assertThat(numbers(node)).containsExactly(1L, 2L, 3L, 4L, 5L);
    return node;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void mendedLettersAreStoredInTheOrderOfTheirKeys(boolean indexKnown) throws IOException {
    try (TestNode node = buried()) {
      backend.refuse(indexKnown, item -> false);
      assertThat(replay(node, LetterFilter.ALL).replayed()).isEqualTo(5);
      assertThat(node.buffer.deadLetters()).isEmpty();
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(5);
      assertThat(TestNode.n(store.row("notes", "b"))).isEqualTo(4);
      node.put("a", 6);
      node.flush();
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(6);
      assertThat(node.buffer.status().pendingTotal()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsStillRefusedKeepsTheLaterOnesOfItsKeyBack(boolean indexKnown) throws IOException {
    try (TestNode node = buried()) {
      backend.refuse(indexKnown, item -> item.key().equals("a") && TestNode.n(item.row()) >= 3);
      ReplayResult result = replay(node, LetterFilter.ALL);
      assertThat(result.replayed()).isEqualTo(3);
      assertThat(result.left()).isEqualTo(2);
      assertThat(result.refused().orElseThrow().code()).isEqualTo("TOO_LONG");
      assertThat(numbers(node)).containsExactly(3L, 5L);
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(1);
      assertThat(TestNode.n(store.row("notes", "b"))).isEqualTo(4);
      node.put("a", 7);
      node.flush();
      assertThat(numbers(node)).containsExactly(3L, 5L, 7L);
      backend.refuse(true, item -> false);
      replay(node, LetterFilter.ofKey("a"));
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(7);
    }
  }

  @Test
  void aLetterAloneBringsAllOfItsRecord() throws IOException {
    try (TestNode node = buried()) {
      backend.refuse(true, item -> false);
      long third = node.buffer.deadLetters().get(2).sequence();
      assertThat(replay(node, LetterFilter.ofSequence(third)).replayed()).isEqualTo(3);
      assertThat(numbers(node)).containsExactly(2L, 4L);
    }
  }

  @Test
  void insertsAndDeletesAreReplayedAsTheyWere() throws IOException {
    backend.refuse(true, item -> true);
    try (TestNode node = new TestNode(data).open(backend)) {
      node.write(Mutation.Kind.INSERT, "a", row -> row.set("n", 1L));
      node.flush();
      node.write(Mutation.Kind.INSERT, "a", row -> row.set("n", 2L));
      node.write(Mutation.Kind.DELETE, "a", row -> {});
      node.write(Mutation.Kind.INSERT, "a", row -> row.set("n", 3L));
      node.write(Mutation.Kind.INSERT, "a", row -> row.set("n", 4L));
      node.flush();
      backend.refuse(true, item -> false);
      assertThat(replay(node, LetterFilter.ALL).replayed()).isEqualTo(5);
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(3);
    }
  }

  @Test
  void replayedOnesStayStoredAfterARestart() throws IOException {
    Acknowledgement last;
    try (TestNode node = buried()) {
      last = node.put("a", 6);
      node.flush();
      assertThat(state(node, last)).isEqualTo(ReceiptState.State.DEAD_LETTERED);
      backend.refuse(true, item -> false);
      replay(node, LetterFilter.ALL);
      assertThat(state(node, last)).isEqualTo(ReceiptState.State.STORED);
    }
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.flush();
      assertThat(node.buffer.deadLetters()).isEmpty();
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(6);
    }
  }

  @Test
  void aCrashBetweenBackendAndLogReplaysOnceMoreInVain() throws IOException {
    Path file = data.resolve("buffer/dead-letters-main");
    byte[] letters;
    try (TestNode node = buried()) {
      letters = Files.readAllBytes(file);
      backend.refuse(true, item -> false);
      replay(node, LetterFilter.ALL);
    }
    Files.write(file, letters);
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.put("a", 6);
      node.flush();
      assertThat(numbers(node)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(replay(node, LetterFilter.ALL).replayed()).isEqualTo(6);
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(6);
      assertThat(TestNode.n(store.row("notes", "b"))).isEqualTo(4);
    }
  }

  @Test
  void anOlderCopyOfTheStoreGetsReplayedLettersAgain() throws IOException {
    try (TestNode node = buried()) {
      backend.refuse(true, item -> false);
      replay(node, LetterFilter.ALL);
      node.put("b", 9);
      node.flush();
    }
    store.become(beforeTheLetters);
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.flush();
      assertThat(node.buffer.deadLetters()).isEmpty();
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(5);
      assertThat(TestNode.n(store.row("notes", "b"))).isEqualTo(9);
    }
  }

  @Test
  void aReplayIsTriedAgainWhenTheBackendFails() throws IOException {
    try (TestNode node = buried()) {
      backend.refuse(true, item -> false);
      backend.fail(StorageException.Severity.RETRY, "STORE_BUSY", 3);
      assertThat(replay(node, LetterFilter.ALL).replayed()).isEqualTo(5);
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(5);
    }
  }

  @Test
  void discardedOnesNeverComeBackAndNeverCountAsStored() throws IOException {
    Acknowledgement given;
    try (TestNode node = buried()) {
      given = node.put("c", 6);
      node.flush();
      assertThat(node.buffer.discard("main", LetterFilter.ofKey("c"))).isEqualTo(1);
      assertThat(state(node, given)).isEqualTo(ReceiptState.State.DEAD_LETTERED);
      assertThat(node.buffer.discard("main", LetterFilter.ALL)).isEqualTo(5);
    }
    store.become(beforeTheLetters);
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.put("a", 7);
      node.flush();
      assertThat(node.buffer.deadLetters()).isEmpty();
      assertThat(store.keys("notes")).containsExactly("a");
      assertThat(state(node, given)).isEqualTo(ReceiptState.State.DEAD_LETTERED);
    }
  }

  @Test
  void afterADiscardTheLaterOnesOfTheKeyCanBeReplayed() throws IOException {
    try (TestNode node = buried()) {
      backend.refuse(true, item -> TestNode.n(item.row()) == 1);
      long first = node.buffer.deadLetters().get(0).sequence();
      node.buffer.discard("main", LetterFilter.ofSequence(first));
      assertThat(replay(node, LetterFilter.ALL).replayed()).isEqualTo(4);
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(5);
    }
  }

  @Test
  void nothingIsReplayedWhileTheBackendIsAway() throws IOException {
    try (TestNode node = buried()) {
      node.buffer.removeBackend(backend);
      node.awaitState(FollowerStatus.State.AWAY);
      assertThatThrownBy(() -> replay(node, LetterFilter.ALL))
          .isInstanceOf(BufferException.class)
          .hasMessageContaining("does not follow");
      assertThatThrownBy(() -> node.buffer.replay("other", LetterFilter.ALL, Duration.ZERO))
          .isInstanceOf(NoSuchElementException.class);
      assertThat(numbers(node)).hasSize(5);
    }
  }

  @Test
  void manyLettersThatAreAllRefusedAgainEndTheReplayEarly() throws IOException {
    backend.refuse(true, item -> item.key().startsWith("k"));
    TestNode node = new TestNode(data);
    try (node) {
      node.open(backend);
      LongStream.range(0, 300)
          .forEach(
              i -> {
                node.put("k" + i, i);
                if (i % 5 == 0) {
                  node.flush();
                }
              });
      node.flush();
      backend.calls.clear();
      ReplayResult result = replay(node, LetterFilter.ALL);
      assertThat(result.replayed()).isZero();
      assertThat(result.left()).isEqualTo(300);
      assertThat(backend.calls.stream().filter("write"::equals).count()).isLessThan(150);
      assertThat(node.buffer.deadLetters().stream().map(DeadLetter::code).distinct())
          .containsExactly("TOO_LONG");
    }
  }
}
