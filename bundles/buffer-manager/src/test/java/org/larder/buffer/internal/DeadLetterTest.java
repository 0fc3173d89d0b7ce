package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.Durability;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.ReceiptState;

/** What a backend refuses goes to the dead letters, in the order of its key, and nothing else. */
class DeadLetterTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();

  private static List<String> keys(TestNode node) {
    return node.buffer.deadLetters().stream().map(letter -> letter.row().key()).toList();
  }

  private static String[] keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> "k" + (10_000 + i)).toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onlyTheBadRecordsAreRefused(boolean indexKnown) throws IOException {
    FakeBackend backend = new FakeBackend(store);
    backend.refuse(indexKnown, item -> item.key().endsWith("7"));
    TestNode node = new TestNode(data);
    node.flushInterval = Duration.ofSeconds(30);
    try (node) {
      node.open(backend);
      node.flush();
      Acknowledgement done = node.puts(keys(40));
      Acknowledgement good = node.puts("good");
      assertThat(node.flush().written()).containsEntry("notes", 37L);
      assertThat(keys(node)).containsExactly("k10007", "k10017", "k10027", "k10037");
      assertThat(store.keys("notes")).hasSize(37).contains("good");
      DeadLetter letter = node.buffer.deadLetters().get(0);
      assertThat(letter.code()).isEqualTo("TOO_LONG");
      assertThat(letter.reason()).isEqualTo("It is too long");
      assertThat(letter.at()).isEqualTo(node.clock.instant());
      ReceiptState state = node.buffer.receipt(done.receipt()).orElseThrow();
      assertThat(state.state()).isEqualTo(ReceiptState.State.DEAD_LETTERED);
      assertThat(state.deadLetters()).hasSize(4);
      assertThat(node.buffer.receipt(good.receipt()).orElseThrow().state())
          .isEqualTo(ReceiptState.State.STORED);
      assertThat(node.buffer.status().pendingTotal()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void laterMutationsOfTheKeyFollowIt(boolean indexKnown) throws IOException {
    FakeBackend backend = new FakeBackend(store);
    backend.refuse(indexKnown, item -> item.key().equals("bad") && TestNode.n(item.row()) >= 2);
    try (TestNode node = new TestNode(data).open(backend)) {
      node.hold(true);
      node.put("bad", 1);
      node.put("bad", 2);
      node.put("other", 5);
      node.put("bad", 3);
      node.hold(false);
      node.flush();
      node.put("bad", 4);
      node.flush();
      // What came before the refused one is good.
      assertThat(TestNode.n(store.row("notes", "bad"))).isEqualTo(1);
      assertThat(store.row("notes", "other")).isNotNull();
      assertThat(node.buffer.deadLetters().stream().map(letter -> TestNode.n(letter.row())))
          .containsExactly(2L, 3L, 4L);
      assertThat(node.buffer.deadLetters().stream().map(DeadLetter::code))
          .containsExactly("TOO_LONG", "FOLLOWS_DEAD_LETTER", "FOLLOWS_DEAD_LETTER");
    }
  }

  @Test
  void lettersSurviveARestartAndLaterMutationsStillFollow() throws IOException {
    FakeBackend backend = new FakeBackend(store);
    backend.refuse(true, item -> item.key().equals("bad"));
    try (TestNode node = new TestNode(data).open(backend)) {
      node.puts("bad", "good");
      node.flush();
    }
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      assertThat(keys(node)).containsExactly("bad");
      node.puts("bad", "good2");
      node.flush();
      assertThat(keys(node)).containsExactly("bad", "bad");
      assertThat(store.keys("notes")).containsExactly("good", "good2");
    }
  }

  @Test
  void aCrashBetweenLetterAndPositionMakesNoSecondLetter() throws IOException {
    FakeStore before;
    FakeBackend backend = new FakeBackend(store);
    backend.refuse(true, item -> item.key().equals("bad"));
    try (TestNode node = new TestNode(data).open(backend)) {
      node.awaitAttached();
      TestNode.until(() -> node.follower().position() == node.follower().end());
      before = store.copy();
      node.puts("bad", "good");
      node.flush();
    }
    store.become(before);
    FakeBackend again = new FakeBackend(store);
    again.refuse(true, item -> item.key().equals("bad"));
    try (TestNode node = new TestNode(data).open(again)) {
      node.flush();
      assertThat(keys(node)).containsExactly("bad");
      assertThat(store.keys("notes")).containsExactly("good");
      assertThat(again.batches).hasSize(1);
    }
  }

  @Test
  void anOlderCopyTakesWhatCameBeforeTheLetter() throws IOException {
    FakeBackend backend = new FakeBackend(store);
    FakeStore before;
    try (TestNode node = new TestNode(data).open(backend)) {
      node.awaitAttached();
      TestNode.until(() -> node.follower().position() == node.follower().end());
      before = store.copy();
      node.put("a", 1);
      node.flush();
      backend.refuse(true, item -> true);
      node.put("a", 2);
      node.flush();
    }
    store.become(before);
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.flush();
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(1);
      assertThat(node.buffer.deadLetters()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Timeout(30)
  void aSystemicRefusalHaltsAndBuriesNothing(boolean indexKnown) throws IOException {
    FakeBackend backend = new FakeBackend(store);
    backend.refuse(indexKnown, item -> true);
    TestNode node = new TestNode(data);
    node.flushInterval = Duration.ofMillis(500);
    try (node) {
      node.open(backend);
      node.puts(keys(60));
      node.awaitState(FollowerStatus.State.HALTED);
      assertThat(node.follower().code()).isEqualTo("TOO_MANY_REFUSED");
      assertThat(node.buffer.deadLetters()).isEmpty();
      assertThat(store.keys("notes")).isEmpty();
      // Repaired, it goes on where it was.
      node.buffer.removeBackend(backend);
      node.buffer.addBackend(new FakeBackend(store));
      node.flush();
      assertThat(store.keys("notes")).hasSize(60);
    }
  }

  @Test
  void moreThanAThousandKeysHalt() throws IOException {
    FakeBackend backend = new FakeBackend(store);
    backend.refuse(true, item -> item.key().startsWith("k"));
    TestNode node = new TestNode(data);
    node.drainOnStop = Duration.ZERO;
    try (node) {
      node.open(backend);
      String[] bad = keys(1_010);
      for (int i = 0; i < bad.length; i += 10) {
        String[] keys = Arrays.copyOfRange(bad, i, i + 30);
        for (int good = 10; good < 30; good++) {
          keys[good] = "good" + i + "-" + good;
        }
        node.puts(keys);
      }
      node.awaitState(FollowerStatus.State.HALTED);
      assertThat(node.follower().code()).isEqualTo("TOO_MANY_REFUSED");
      assertThat(node.buffer.deadLetters()).hasSizeLessThanOrEqualTo(1_000).isNotEmpty();
    }
  }

  @Test
  void backendDurabilityIsNotClaimedForADeadLetter() throws IOException {
    FakeBackend backend = new FakeBackend(store);
    backend.refuse(true, item -> item.key().equals("bad"));
    try (TestNode node = new TestNode(data).open(backend)) {
      node.awaitAttached();
      assertThat(node.put(Durability.BACKEND, TestNode.LONG, "bad").reached())
          .isEqualTo(Durability.JOURNAL);
      assertThat(node.put(Durability.BACKEND, TestNode.LONG, "good").reached())
          .isEqualTo(Durability.BACKEND);
    }
  }
}
