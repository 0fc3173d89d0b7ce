package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.larder.buffer.Consistency;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.Route;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteTable;
import org.larder.buffer.RouteTable.Deletes;
import org.larder.buffer.RouteTable.OnLag;
import org.larder.storage.model.Mutation;

/** A mirror that takes another store has in the end what its primary has, like any mirror. */
class MirrorAdoptionTest extends MirrorTestSupport {
  /** More than two ranges of keys, of which the journal has nothing. */
  private static final int RECORDS = 12_500;

  private void adopt(TestNode node, String code) {
    TestNode.until(() -> node.follower("copy").state() == FollowerStatus.State.HALTED);
    assertThat(node.follower("copy").code()).isEqualTo(code);
    node.buffer.adopt("copy");
    TestNode.until(() -> node.follower("copy").state() != FollowerStatus.State.HALTED);
  }

  private void replace(TestNode node, FakeStore other) {
    node.buffer.removeBackend(mirror);
    TestNode.until(() -> node.follower("copy").state() == FollowerStatus.State.AWAY);
    copy.become(other);
    node.buffer.addBackend(mirror);
  }

  @Test
  void anotherStoreGetsWhatTheJournalHasNoMore() throws IOException {
    try (TestNode node = openComplete()) {
      trim(node);
      FakeStore other = new FakeStore();
      other.put(Notes.note("another's", 0));
      replace(node, other);
      adopt(node, "DIFFERENT_STORE");
      assertAlike(node);
      assertThat(copy.keys("notes")).contains("a").doesNotContain("another's");
    }
  }

  @Test
  void anOldCopyGetsWhatTheJournalHasNoMore() throws IOException {
    try (TestNode node = openComplete()) {
      FakeStore old = copy.copy();
      node.puts("b");
      node.write(Mutation.Kind.DELETE, "a", row -> {});
      trim(node);
      replace(node, old);
      adopt(node, "JOURNAL_GAP");
      assertAlike(node);
      assertThat(copy.keys("notes")).contains("b").doesNotContain("a");
    }
  }

  @Test
  void anArchiveKeepsWhatTheOtherStoreHad() throws IOException {
    TestNode node = node();
    node.routes =
        new RouteTable(
            Map.of(Route.ALL, mirrored()),
            Map.of("copy", new RouteTable.MirrorOptions(OnLag.DETACH, Deletes.NONE)));
    try (node) {
      node.open(main);
      node.buffer.addBackend(mirror);
      node.puts("a");
      node.flush();
      node.awaitLive("copy");
      FakeStore other = new FakeStore();
      other.put(Notes.note("another's", 0));
      replace(node, other);
      adopt(node, "DIFFERENT_STORE");
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).containsExactly("a", "another's");
    }
  }

  /** Begins to fill the mirror, and stays behind its second range of keys, which is noted. */
  private TestNode fillHalf(AtomicReference<FakeStore> older) throws IOException {
    AtomicLong nanos = new AtomicLong();
    AtomicInteger ranges = new AtomicInteger();
    TestNode node = openComplete();
    trim(node);
    older.set(copy.copy());
    giveUp(node);
    for (int i = 0; i < RECORDS; i++) {
      store.put(Notes.note("z" + (10_000 + i), i));
    }
    // Each look at the clock is long after the one before: every range is noted.
    node.nanoTime = () -> nanos.addAndGet(TimeUnit.SECONDS.toNanos(6));
    mirror.stuck =
        batch -> !mirror.isFollowing(batch) && batch.size() > 0 && ranges.incrementAndGet() > 2;
    node.buffer.adopt("copy");
    TestNode.until(() -> ranges.get() > 2);
    return node;
  }

  private void assertAlike(TestNode node) {
    node.awaitLive("copy");
    assertThat(copy.keys("notes")).isEqualTo(store.keys("notes"));
    assertThat(copy.keys("tags")).containsExactly("a");
  }

  @Test
  void aFillingBeginsAnewInAnotherStore() throws IOException {
    try (TestNode node = fillHalf(new AtomicReference<>())) {
      replace(node, new FakeStore());
      mirror.stuck = batch -> false;
      adopt(node, "DIFFERENT_STORE");
      assertAlike(node);
    }
  }

  @Test
  void aFillingBeginsAnewInAnOlderCopy() throws IOException {
    AtomicReference<FakeStore> older = new AtomicReference<>();
    try (TestNode node = fillHalf(older)) {
      replace(node, older.get());
      mirror.stuck = batch -> false;
      assertAlike(node);
    }
  }

  /** The journal has what came since, but not what it was filled with. */
  @Test
  void anOlderCopyOfAStoreThatWasFilledMeanwhileIsNoPrimary() throws IOException {
    AtomicReference<FakeStore> older = new AtomicReference<>();
    try (TestNode node = fillHalf(older)) {
      mirror.stuck = batch -> false;
      assertAlike(node);
      node.buffer.changeRoute(Route.of(Route.ALL, "copy"));
      node.flush();
      replace(node, older.get());
      TestNode.until(() -> node.follower("copy").state() == FollowerStatus.State.HALTED);
      assertThat(node.follower("copy").code()).isEqualTo("JOURNAL_GAP");
      assertThat(node.follower("copy").message()).contains("filled with");
      node.buffer.adopt("copy");
      node.puts("new");
      node.flush();
    }
    TestNode again = new TestNode(data);
    again.routes = RouteTable.of("copy");
    try (again) {
      again.open(mirror);
      again.flush();
      assertThat(copy.keys("notes")).contains("a", "new").doesNotContain("z10000");
    }
  }

  private static final Route SWAPPED =
      new Route(Route.ALL, "copy", List.of("main"), Optional.empty());

  @Test
  void aMirrorHaltedOnAnotherStoreIsMadeNoPrimary() throws IOException {
    try (TestNode node = openComplete()) {
      trim(node);
      replace(node, new FakeStore());
      TestNode.until(() -> node.follower("copy").state() == FollowerStatus.State.HALTED);
      assertThatThrownBy(() -> node.buffer.changeRoute(SWAPPED))
          .isInstanceOfSatisfying(
              RouteRefusedException.class, e -> assertThat(e.code()).isEqualTo("NOT_SEEDED"))
          .hasMessageContaining("DIFFERENT_STORE");
      adopt(node, "DIFFERENT_STORE");
      node.awaitLive("copy");
      node.buffer.changeRoute(SWAPPED);
      TestNode.until(() -> source(node).equals("copy"));
      assertThat(copy.keys("notes")).isEqualTo(store.keys("notes")).contains("a");
    }
  }

  @Test
  void aStoreReplacedWhileReadsMoveToItIsFilledBeforeTheyDo() throws IOException {
    try (TestNode node = openComplete()) {
      trim(node);
      main.refuse(true, item -> item.key().equals("refused"));
      node.puts("refused");
      TestNode.until(() -> !node.buffer.deadLetters().isEmpty());
      mirror.stuck = batch -> mirror.isFollowing(batch);
      node.buffer.changeRoute(SWAPPED);
      replace(node, new FakeStore());
      mirror.stuck = batch -> false;
      adopt(node, "DIFFERENT_STORE");
      TestNode.until(() -> node.follower("copy").lag() == 0);
      node.puts("meanwhile");
      TestNode.until(() -> copy.keys("notes").contains("meanwhile"));
      TestNode.until(() -> node.follower("copy").code().equals("SOURCE_INCOMPLETE"));
      assertThat(source(node)).isEqualTo("main");
      node.buffer.discard("main", LetterFilter.ALL);
      TestNode.until(() -> source(node).equals("copy"));
      assertThat(copy.keys("notes")).isEqualTo(store.keys("notes")).contains("a");
      TestNode.until(() -> copy.keys("tags").contains("a"));
    }
  }

  private static String source(TestNode node) {
    return get(node, "a", Consistency.STORED).source();
  }

  private void replacePrimary(TestNode node, FakeStore other, String code) {
    node.buffer.removeBackend(main);
    TestNode.until(() -> node.follower("main").state() == FollowerStatus.State.AWAY);
    store.become(other);
    node.buffer.addBackend(main);
    TestNode.until(() -> node.follower("main").state() == FollowerStatus.State.HALTED);
    assertThat(node.follower("main").code()).isEqualTo(code);
    node.buffer.adopt("main");
    TestNode.until(() -> node.follower("main").state() != FollowerStatus.State.HALTED);
    node.flush();
  }

  private void assertFilledAsAMirror(TestNode node) {
    node.buffer.changeRoute(SWAPPED);
    TestNode.until(() -> source(node).equals("copy"));
    TestNode.until(() -> store.keys("notes").equals(copy.keys("notes")));
    TestNode.until(() -> store.keys("tags").equals(copy.keys("tags")));
    assertThat(store.keys("notes")).contains("a", "b");
    node.awaitLive("main");
    node.buffer.changeRoute(mirrored());
    TestNode.until(() -> source(node).equals("main"));
  }

  @Test
  void aPrimaryThatTookAnEmptyStoreIsFilledWhenItIsAMirror() throws IOException {
    try (TestNode node = openComplete()) {
      node.puts("b");
      trim(node);
      replacePrimary(node, new FakeStore(), "DIFFERENT_STORE");
      assertThat(store.keys("notes")).doesNotContain("a");
      assertFilledAsAMirror(node);
    }
  }

  @Test
  void aPrimaryThatTookAnOldCopyIsFilledWhenItIsAMirrorEvenLater() throws IOException {
    TestNode node = openComplete();
    try (node) {
      FakeStore old = store.copy();
      node.puts("b");
      trim(node);
      replacePrimary(node, old, "JOURNAL_GAP");
      assertThat(store.keys("notes")).doesNotContain("b");
    }
    TestNode again = new TestNode(data);
    again.routes = RouteTable.of("main").with(SWAPPED);
    try (again) {
      again.open(main);
      again.buffer.addBackend(mirror);
      again.flush();
      TestNode.until(() -> store.keys("notes").equals(copy.keys("notes")));
      assertThat(store.keys("notes")).contains("b");
    }
  }

  @Test
  void whatOnlyThePrimaryHasStaysWhenItIsAMirror() throws IOException {
    try (TestNode node = openComplete()) {
      trim(node);
      FakeStore other = new FakeStore();
      other.put(Notes.note("another's", 0));
      replacePrimary(node, other, "DIFFERENT_STORE");
      node.buffer.changeRoute(SWAPPED);
      TestNode.until(() -> source(node).equals("copy"));
      TestNode.until(() -> node.buffer.routing().moves().isEmpty());
      node.awaitLive("main");
      assertThat(store.keys("notes")).contains("another's");
    }
  }
}
