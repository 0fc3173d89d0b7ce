package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.buffer.Answer;
import org.larder.buffer.Consistency;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.JournalStatus;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.Metric;
import org.larder.buffer.Route;
import org.larder.buffer.RouteStatus;
import org.larder.buffer.RouteTable;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageException;

/** One mirror's trouble is its own: the primary and the other mirror go on. */
@Timeout(120)
class TwoMirrorsTest {
  @TempDir Path data;
  private final FakeStore store = new FakeStore();
  private final FakeStore first = new FakeStore();
  private final FakeStore second = new FakeStore();
  private final FakeBackend main = new FakeBackend(store);
  private final FakeBackend copy1 = new FakeBackend("copy1", first, Capability.INSERT_IF_ABSENT);
  private final FakeBackend copy2 = new FakeBackend("copy2", second, Capability.INSERT_IF_ABSENT);

  /** A node whose mirrors have a note; the second answers for the primary. */
  private TestNode open() throws IOException {
    TestNode node = new TestNode(data);
    node.routes =
        RouteTable.of("main")
            .with(new Route(Route.ALL, "main", List.of("copy1", "copy2"), Optional.of("copy2")));
    node.open(main);
    node.buffer.addBackend(copy1);
    node.buffer.addBackend(copy2);
    node.put("a", 1);
    node.flush();
    node.awaitLive("copy1");
    node.awaitLive("copy2");
    return node;
  }

  private void assertAlike(TestNode node) {
    node.flush();
    node.awaitLive("copy1");
    node.awaitLive("copy2");
    assertThat(first.rows("notes")).isEqualTo(store.rows("notes"));
    assertThat(second.rows("notes")).isEqualTo(store.rows("notes"));
  }

  private static double lag(TestNode node, String follower) {
    return new BufferMetrics(node.buffer)
        .metrics().stream()
            .filter(metric -> metric.name().equals("larder_follower_lag_records"))
            .filter(metric -> metric.labels().equals(Map.of("follower", follower)))
            .mapToDouble(Metric::value)
            .sum();
  }

  private static Answer<Optional<Row>> stored(TestNode node, String key) {
    return node.buffer.reader().get("notes", key, Consistency.STORED);
  }

  @Test
  void oneThatHangsLeavesTheOtherCompleteAndLagsAreApart() throws Exception {
    try (TestNode node = open()) {
      Hang hang = copy1.hangNextWrite(true);
      node.put("b", 2);
      hang.awaitEntered();
      node.put("c", 3);
      node.flush();
      node.awaitLive("copy2");
      assertThat(second.rows("notes")).isEqualTo(store.rows("notes")).hasSize(3);
      assertThat(first.keys("notes")).containsExactly("a");
      assertThat(node.follower("copy1").lag()).isEqualTo(2);
      assertThat(lag(node, "copy1")).isEqualTo(2);
      assertThat(lag(node, "copy2")).isZero();
      assertThat(lag(node, "main")).isZero();
      hang.release();
      assertAlike(node);
      assertThat(lag(node, "copy1")).isZero();
    }
  }

  @Test
  void oneThatIsAwayCatchesUpAndTheOtherAnswersForThePrimary() throws IOException {
    try (TestNode node = open()) {
      node.buffer.removeBackend(copy1);
      node.put("b", 2);
      node.flush();
      node.awaitLive("copy2");
      assertThat(node.follower("copy1").state()).isEqualTo(FollowerStatus.State.AWAY);
      node.buffer.removeBackend(main);
      Answer<Optional<Row>> answer = stored(node, "b");
      assertThat(answer.source()).isEqualTo("copy2");
      assertThat(TestNode.n(answer.value().orElseThrow())).isEqualTo(2);
      node.put("c", 3);
      node.buffer.addBackend(new FakeBackend(store));
      node.buffer.addBackend(copy1);
      assertAlike(node);
      assertThat(stored(node, "c").source()).isEqualTo("main");
    }
  }

  @Test
  void oneThatIsGivenUpIsFilledAnewWhileTheOtherGoesOnFollowing() throws Exception {
    try (TestNode node = open()) {
      copy1.failAlways(
          new StorageException(StorageException.Severity.RETRY, "STORE_UNAVAILABLE", "as told"));
      node.writeUntilStale("copy1");
      node.flush();
      node.awaitLive("copy2");
      assertThat(node.completeness("copy1")).isEqualTo(RouteStatus.Completeness.STALE);
      assertThat(second.rows("notes")).isEqualTo(store.rows("notes"));
      TestNode.until(
          () -> {
            JournalStatus journal = node.buffer.status().journal();
            return journal.liveBytes() < journal.maxBytes() / 2;
          });
      copy1.failAlways(null);
      Hang filling = copy1.hangNextPut(true);
      node.buffer.adopt("copy1");
      filling.awaitEntered();
      node.put("late", 4);
      node.flush();
      node.awaitLive("copy2");
      assertThat(second.keys("notes")).contains("late");
      assertThat(node.completeness("copy1")).isEqualTo(RouteStatus.Completeness.SEEDING);
      filling.release();
      assertAlike(node);
    }
  }

  private static List<String> letterHolders(TestNode node) {
    return node.buffer.deadLetters().stream().map(DeadLetter::follower).sorted().toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsDoneAboutTheLettersOfOneLeavesThoseOfTheOther(boolean discard) throws IOException {
    try (TestNode node = open()) {
      main.refuse(true, item -> item.key().equals("a"));
      copy1.refuse(true, item -> item.key().equals("a"));
      node.put("a", 2);
      node.flush();
      node.awaitLive("copy2");
      TestNode.until(() -> letterHolders(node).equals(List.of("copy1", "main")));
      assertThat(node.buffer.deadLetters().stream().map(DeadLetter::sequence).distinct())
          .hasSize(1);
      main.refuse(true, item -> false);
      copy1.refuse(true, item -> false);
      if (discard) {
        assertThat(node.buffer.discard("copy1", LetterFilter.ALL)).isEqualTo(1);
      } else {
        assertThat(node.buffer.replay("copy1", LetterFilter.ALL, TestNode.LONG).replayed())
            .isEqualTo(1);
      }
      assertThat(letterHolders(node)).containsExactly("main");
      assertThat(TestNode.n(first.row("notes", "a"))).isEqualTo(discard ? 1 : 2);
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(1);
    }
    TestNode again = new TestNode(data);
    again.routes =
        RouteTable.of("main")
            .with(new Route(Route.ALL, "main", List.of("copy1", "copy2"), Optional.of("copy2")));
    try (again) {
      again.open(new FakeBackend(store));
      again.flush();
      assertThat(letterHolders(again)).containsExactly("main");
      assertThat(again.buffer.replay("main", LetterFilter.ALL, TestNode.LONG).replayed())
          .isEqualTo(1);
      assertThat(again.buffer.deadLetters()).isEmpty();
      assertThat(TestNode.n(store.row("notes", "a"))).isEqualTo(2);
      assertThat(TestNode.n(first.row("notes", "a"))).isEqualTo(discard ? 1 : 2);
    }
  }
}
