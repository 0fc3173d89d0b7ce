package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.Answer;
import org.larder.buffer.BufferException;
import org.larder.buffer.Consistency;
import org.larder.buffer.Durability;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.JournalStatus;
import org.larder.buffer.Route;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteStatus;
import org.larder.buffer.RouteTable;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.StorageException;

/** Mirrors get all, at their own pace, and a swap moves reads when the new primary has all. */
class MirrorTest extends MirrorTestSupport {
  private TestNode open(TestNode node) throws IOException {
    node.open(main);
    node.buffer.addBackend(mirror);
    return node;
  }

  @Test
  void writersGoOnWhileAMirrorJoinsAndSomebodyLooksThroughAnIndex() throws Exception {
    try (TestNode node = new TestNode(data).open(main)) {
      node.buffer.addBackend(mirror);
      node.awaitAttached();
      FutureTask<Void> change = new FutureTask<>(() -> node.buffer.changeRoute(mirrored()), null);
      FutureTask<Acknowledgement> write = new FutureTask<>(() -> node.put("a", 1));
      synchronized (node.buffer.routing().follower("main").index()) {
        new Thread(change).start();
        TestNode.until(() -> node.buffer.status().followers().size() == 2);
        new Thread(write).start();
        TestNode.until(write::isDone);
        assertThat(change.isDone()).isFalse();
      }
      change.get();
      node.flush();
      node.awaitLive("copy");
      assertThat(TestNode.n(copy.row("notes", "a"))).isEqualTo(1);
    }
  }

  @Test
  void aMirrorThatHangsDelaysOnlyItself() throws IOException {
    try (TestNode node = open(node())) {
      node.awaitAttached();
      Hang hang = mirror.hangNextWrite(true);
      node.puts("a", "b");
      node.flush();
      assertThat(store.keys("notes")).containsExactly("a", "b");
      assertThat(node.buffer.status().pendingTotal()).isZero();
      assertThat(node.follower("copy").lag()).isPositive();
      hang.release();
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).containsExactly("a", "b");
    }
  }

  @Test
  void aMirrorThatWasAwayCatchesUp() throws IOException {
    try (TestNode node = node().open(main)) {
      node.puts("a", "b");
      node.flush();
      assertThat(node.buffer.retained()).containsEntry("copy", 0L);
      node.buffer.addBackend(mirror);
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).containsExactly("a", "b");
    }
  }

  @Test
  void theMirrorAnswersWhileThePrimaryIsAway() throws IOException {
    try (TestNode node = open(node())) {
      node.puts("a");
      node.flush();
      node.awaitLive("copy");
      assertThat(get(node, "a", Consistency.STORED).source()).isEqualTo("main");
      node.buffer.removeBackend(main);
      Answer<Optional<Row>> answer = get(node, "a", Consistency.STORED);
      assertThat(answer.source()).isEqualTo("copy");
      assertThat(answer.value()).isPresent();
      node.puts("b");
      assertThat(get(node, "b", Consistency.BUFFERED).value()).isPresent();
      assertThat(node.buffer.routes().get(0).source()).isEqualTo("copy");
    }
  }

  @Test
  void collectionsGoOnlyWhereTheyAreLed() throws IOException {
    TestNode node = new TestNode(data);
    node.routes =
        RouteTable.of("main").with(new Route("notes", "copy", List.of(), Optional.empty()));
    try (node) {
      open(node);
      node.puts("a");
      node.flush();
      assertThat(copy.keys("notes")).containsExactly("a");
      assertThat(store.keys("notes")).isEmpty();
      assertThat(get(node, "a", Consistency.STORED).source()).isEqualTo("copy");
      assertThat(node.buffer.status().pendingTotal()).isZero();
      TestNode.until(() -> node.follower("main").lag() == 0);
    }
  }

  @Test
  void anArchiveKeepsWhatIsDeleted() throws IOException {
    TestNode node = node();
    node.makeArchive("copy", RouteTable.Deletes.NONE);
    try (node) {
      open(node);
      node.puts("a", "b");
      node.flush();
      node.awaitLive("copy");
      node.write(Mutation.Kind.DELETE, "a", row -> {});
      node.flush();
      node.awaitLive("copy");
      assertThat(store.keys("notes")).containsExactly("b");
      assertThat(copy.keys("notes")).containsExactly("a", "b");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"USER", "NONE"})
  void anArchiveDoesNotBecomeThePrimary(RouteTable.Deletes deletes) throws IOException {
    TestNode node = node();
    node.makeArchive("copy", deletes);
    try (node) {
      open(node);
      node.awaitLive("copy");
      TestNode.until(() -> get(node, "none", Consistency.STORED).source().equals("main"));
      for (Route wanted : List.of(mirrored().swappedTo("copy"), Route.of("notes", "copy"))) {
        assertThatThrownBy(() -> node.buffer.changeRoute(wanted))
            .isInstanceOfSatisfying(
                RouteRefusedException.class, e -> assertThat(e.code()).isEqualTo("ROUTE_INVALID"))
            .hasMessageContaining(
                "apply_deletes.copy = " + deletes.name().toLowerCase(Locale.ROOT));
      }
      node.routes = RouteTable.of("copy");
      assertThatThrownBy(node::reconfigure)
          .isInstanceOf(RouteRefusedException.class)
          .hasMessageContaining("copy is an archive");
      assertThat(node.buffer.routes().get(0).route()).isEqualTo(mirrored());
      assertThat(get(node, "none", Consistency.STORED).source()).isEqualTo("main");
    }
  }

  @Test
  void aSwapMovesReadsAndLosesNothing() throws IOException {
    try (TestNode node = open(node())) {
      node.puts("a");
      node.flush();
      node.awaitLive("copy");
      Hang hang = mirror.hangNextWrite(true);
      node.puts("b");
      node.buffer.changeRoute(mirrored().swappedTo("copy"));
      // It has not reached the swap yet.
      assertThat(get(node, "a", Consistency.STORED).source()).isEqualTo("main");
      hang.release();
      TestNode.until(() -> get(node, "a", Consistency.STORED).source().equals("copy"));
      node.puts("c");
      node.flush();
      assertThat(copy.keys("notes")).containsExactly("a", "b", "c");
      node.awaitLive("main");
      assertThat(store.keys("notes")).containsExactly("a", "b", "c");
      assertThat(node.buffer.status().pendingTotal()).isZero();
    }
  }

  @Test
  void aMirrorThatIsDroppedAndNamedAgainLacksNothing() throws Exception {
    try (TestNode node = open(node())) {
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger written = new AtomicInteger();
      Thread writer =
          new Thread(
              () -> {
                while (!over.get()) {
                  String key = "k" + written.getAndIncrement();
                  node.put(Durability.BACKEND, TestNode.LONG, key);
                }
              });
      writer.start();
      for (int i = 0; i < 20; i++) {
        int enough = written.get() + 10;
        TestNode.until(() -> written.get() >= enough);
        node.buffer.changeRoute(Route.of(Route.ALL, "main"));
        node.buffer.changeRoute(mirrored());
        TestNode.until(() -> node.completeness("copy") == RouteStatus.Completeness.LIVE);
      }
      over.set(true);
      writer.join();
      node.flush();
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).hasSize(written.get());
    }
  }

  @Test
  void routesThatNameWhatIsNotThereAreRefused() throws IOException {
    try (TestNode node = open(node())) {
      assertThatThrownBy(() -> node.buffer.changeRoute(Route.of("notes", "nowhere")))
          .isInstanceOf(RouteRefusedException.class)
          .hasMessageContaining("no backend nowhere");
      assertThatThrownBy(() -> node.buffer.changeRoute(Route.of("nothing", "main")))
          .isInstanceOf(RouteRefusedException.class)
          .hasMessageContaining("no collection nothing");
      assertThatThrownBy(() -> node.buffer.removeRoute("notes"))
          .isInstanceOf(RouteRefusedException.class);
    }
  }

  @Test
  void aMirrorThatHoldsTheJournalIsGivenUpAndFilledAnew() throws IOException {
    try (TestNode node = open(node())) {
      node.puts("a");
      node.flush();
      node.awaitLive("copy");
      mirror.failAlways(
          new StorageException(StorageException.Severity.RETRY, "STORE_UNAVAILABLE", "as told"));
      node.writeUntilStale("copy");
      TestNode.until(() -> !node.buffer.retained().containsKey("copy"));
      assertThat(node.completeness("copy")).isEqualTo(RouteStatus.Completeness.STALE);
      mirror.failAlways(null);
      node.flush();
      TestNode.until(
          () -> {
            JournalStatus journal = node.buffer.status().journal();
            return journal.liveBytes() < journal.maxBytes() / 2;
          });
      node.buffer.adopt("copy");
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).isEqualTo(store.keys("notes"));
    }
  }

  @Test
  void anOldPrimaryThatIsStillReadFromIsNotGivenUp() throws IOException {
    try (TestNode node = open(node())) {
      node.puts("a");
      node.flush();
      node.awaitLive("copy");
      main.failAlways(
          new StorageException(StorageException.Severity.RETRY, "STORE_UNAVAILABLE", "as told"));
      node.puts("b");
      TestNode.until(() -> copy.keys("notes").contains("b"));
      Hang hang = mirror.hangNextWrite(true);
      node.puts("c");
      node.buffer.changeRoute(Route.of(Route.ALL, "copy"));
      String body = "x".repeat(4_000);
      for (int refused = 0; refused < 20; ) {
        try {
          node.write(Mutation.Kind.PUT, "k", row -> row.set("body", body));
        } catch (BufferException e) {
          refused++;
        }
        assertThat(node.follower("main").state()).isNotEqualTo(FollowerStatus.State.STALE);
      }
      assertThat(get(node, "a", Consistency.STORED).source()).isEqualTo("main");
      main.failAlways(null);
      hang.release();
      TestNode.until(() -> get(node, "c", Consistency.STORED).source().equals("copy"));
    }
  }
}
