package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.buffer.internal.MigrationFixture.await;
import static org.larder.buffer.internal.MigrationFixture.request;
import static org.larder.buffer.internal.MigrationFixture.status;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Route;

/** Two stores are compared at one position of the journal, and what was read at others is not. */
class MigrationHoldTest extends MigrationTestSupport {
  /** Longer than either is held. */
  private static final Duration TOO_LONG = Duration.ofSeconds(6);

  private final FakeStore free = new FakeStore();
  private final AtomicLong nanos = new AtomicLong(System.nanoTime());
  private final List<String> codes = new CopyOnWriteArrayList<>();

  /** A node on which holds end when the test says so, with a mirror that nobody holds. */
  @Override
  TestNode open() throws IOException {
    TestNode node = super.open();
    node.nanoTime = nanos::get;
    node.buffer.addBackend(new MigratingFake("free", free));
    node.buffer.changeRoute(new Route(Route.ALL, "main", List.of("free"), Optional.empty()));
    return node;
  }

  private static long reached(TestNode node, String follower) {
    return node.buffer.routing().follower(follower).progress().reached();
  }

  /** Writes a record, and looks at both stores when they would have it if nobody held them. */
  private void lookOnce(TestNode node, String key, Set<String> looks, List<String> moved) {
    if (!isVerifying(node) || !looks.add(key)) {
      return;
    }
    node.puts(key);
    TestNode.until(() -> free.keys("notes").contains(key));
    long left = reached(node, "main");
    long right = reached(node, "copy");
    if (left != right) {
      moved.add("main is at " + left + " and copy at " + right);
    }
    if (store.keys("notes").contains(key) || copy.keys("notes").contains(key)) {
      moved.add(key + " was applied while the two were read");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bothStandAtOnePositionWhileTheyAreRead(boolean snapshots) throws IOException {
    target.snapshots = snapshots;
    Set<String> looks = ConcurrentHashMap.newKeySet();
    List<String> moved = new CopyOnWriteArrayList<>();
    try (TestNode node = open()) {
      main.onScan = () -> lookOnce(node, "while main is read", looks, moved);
      target.onScan = () -> lookOnce(node, "while copy is read", looks, moved);
      node.buffer.migrations().start(request(Route.ALL));
      await(node, 1, Phase.DONE);
      assertThat(looks).hasSize(2);
      assertThat(moved).isEmpty();
      node.flush();
      assertThat(copy.keys("notes")).hasSize(62).containsAll(looks);
      TestNode.until(() -> store.keys("notes").equals(copy.keys("notes")));
    }
  }

  /** Nobody holds the two any longer, and both go on. */
  private void endHold(TestNode node) {
    nanos.addAndGet(TOO_LONG.toNanos());
    node.puts("late");
    TestNode.until(
        () -> store.keys("notes").contains("late") && copy.keys("notes").contains("late"));
  }

  /** The scans of a comparison, by number; what the status said when they began is kept. */
  private Runnable whenComparing(TestNode node, List<Runnable> actions) {
    return () -> {
      if (isVerifying(node)) {
        int scan = codes.size();
        codes.add(status(node, 1).code());
        if (scan < actions.size()) {
          actions.get(scan).run();
        }
      }
    };
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsReadWhenAHoldHasEndedIsReadAgain(boolean snapshots) throws IOException {
    target.snapshots = snapshots;
    try (TestNode node = open()) {
      target.onScan = whenComparing(node, List.of(() -> endHold(node)));
      node.buffer.migrations().start(request(Route.ALL));
      await(node, 1, Phase.DONE);
      assertThat(codes).hasSize(2).last().isEqualTo("NOT_HELD");
      assertThat(status(node, 1).code()).isEmpty();
    }
  }

  @Test
  void aDifferenceThatIsSeenWhenAHoldHasEndedIsLookedAtAgain() throws IOException {
    try (TestNode node = open()) {
      target.onScan =
          whenComparing(
              node,
              List.of(
                  () -> copy.put(Notes.note("a7", 77)),
                  () -> endHold(node),
                  () -> copy.put(store.row("notes", "a7"))));
      node.buffer.migrations().start(request(Route.ALL));
      await(node, 1, Phase.DONE);
      assertThat(codes).hasSize(3).last().isEqualTo("NOT_HELD");
      assertThat(copy.row("notes", "a7")).isEqualTo(store.row("notes", "a7"));
    }
  }
}
