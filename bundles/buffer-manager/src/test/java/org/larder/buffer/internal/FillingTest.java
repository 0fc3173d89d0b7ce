package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.buffer.internal.MigrationFixture.await;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.larder.buffer.FollowerStatus.State;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Route;
import org.larder.buffer.RouteStatus;
import org.larder.buffer.RouteTable;

/** What a store is filled with comes in whole, and in nobody's way. */
class FillingTest extends MigrationTestSupport {
  private static Route mirrored(String collection) {
    return new Route(collection, "main", List.of("copy"), Optional.empty());
  }

  private TestNode openWithTags() throws IOException {
    TestNode node = open();
    node.buffer.addCollection(Notes.TAGS);
    node.put(Notes.TAGS, "a");
    node.flush();
    return node;
  }

  private static void awaitLive(TestNode node, String collection) {
    TestNode.until(
        () ->
            node.buffer.routes().stream()
                .filter(status -> status.route().collection().equals(collection))
                .flatMap(status -> status.copies().stream())
                .allMatch(
                    one ->
                        one.completeness() == RouteStatus.Completeness.LIVE
                            && one.follower().lag() == 0));
  }

  @Test
  void rangesAreNotTakenForThoseOfAnotherCollectionBefore() throws IOException {
    try (TestNode node = openWithTags()) {
      node.buffer
          .migrations()
          .start(new MigrationRequest("notes", "main", "copy", MigrationRequest.End.MIRROR));
      await(node, 1, Phase.MIRRORED);
      node.buffer.changeRoute(Route.of("notes", "main"));
      TestNode.until(() -> node.buffer.routing().followers().find("copy").isEmpty());
      node.buffer.changeRoute(mirrored("notes"));
      node.buffer.changeRoute(mirrored("tags"));
      node.put(Notes.TAGS, "b");
      node.flush();
      awaitLive(node, "tags");
      assertThat(copy.keys("tags")).containsExactly("a", "b");
      assertThat(node.follower("copy").retries()).isZero();
    }
  }

  @Test
  void fillingDoesNotBeginBeforeTheRoutesHold() throws IOException {
    try (TestNode node = openWithTags()) {
      node.buffer.changeRoute(mirrored("notes"));
      node.buffer.changeRoute(mirrored("tags"));
      awaitLive(node, "tags");
      node.buffer.changeRoute(Route.of("tags", "main"));
      int before = target.batches.size();
      node.keeper =
          new RouteKeeper() {
            @Override
            public void write(RouteTable table) {
              // What comes now is not led to the store yet; a range would be without it.
              long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
              while (!hasRange(before) && System.nanoTime() < end) {
                LockSupport.parkNanos(1_000_000);
              }
              node.put(Notes.TAGS, "late");
              node.puts("passed");
              TestNode.until(() -> copy.keys("notes").contains("passed"));
            }

            @Override
            public boolean says(RouteTable table) {
              return false;
            }
          };
      node.buffer.changeRoute(mirrored("tags"));
      node.flush();
      awaitLive(node, "tags");
      assertThat(copy.keys("tags")).containsExactly("a", "late");
    }
  }

  private boolean hasRange(int before) {
    return target.batches.stream()
        .skip(before)
        .anyMatch(batch -> !target.isFollowing(batch) && batch.size() > 0);
  }

  @Test
  void aPrimaryThatCannotBeReadDelaysNothingElse() throws IOException {
    try (TestNode node = openWithTags()) {
      node.buffer.changeRoute(Route.of("notes", "main"));
      node.buffer.changeRoute(mirrored("tags"));
      awaitLive(node, "tags");
      main.unreadable = true;
      node.buffer.changeRoute(mirrored("notes"));
      TestNode.until(() -> node.follower("copy").code().equals("SOURCE_AWAY"));
      node.put(Notes.TAGS, "meanwhile");
      TestNode.until(() -> copy.keys("tags").contains("meanwhile"));
      assertThat(node.follower("copy").message()).isEqualTo("main cannot be read: as told");
      assertThat(node.follower("copy").state()).isEqualTo(State.SEEDING);
      main.unreadable = false;
      TestNode.until(() -> copy.keys("notes").equals(store.keys("notes")));
      awaitLive(node, "notes");
      TestNode.until(() -> node.follower("copy").code().isEmpty());
    }
  }

  @Test
  void aCollectionThatCannotBeFilledBarsNoOther() throws IOException {
    FakeStore apart = new FakeStore();
    MigratingFake other = new MigratingFake("other", apart);
    try (TestNode node = openWithTags()) {
      node.buffer.addBackend(other);
      node.buffer.changeRoute(Route.of("notes", "other"));
      TestNode.until(() -> source(node).equals("other"));
      node.buffer.addCollection(Stock.ITEMS);
      node.buffer.changeRoute(mirrored("stock"));
      awaitLive(node, "stock");
      other.unreadable = true;
      node.buffer.changeRoute(new Route("notes", "other", List.of("copy"), Optional.empty()));
      TestNode.until(() -> node.follower("copy").code().equals("SOURCE_AWAY"));
      node.buffer.changeRoute(mirrored("tags"));
      awaitLive(node, "tags");
      assertThat(copy.keys("tags")).containsExactly("a");
      TestNode.until(() -> node.follower("copy").code().equals("SOURCE_AWAY"));
      node.buffer.removeBackend(other);
      node.buffer.changeRoute(Route.of("tags", "main"));
      TestNode.until(() -> !node.buffer.routing().leads("tags", "copy"));
      node.buffer.changeRoute(mirrored("tags"));
      awaitLive(node, "tags");
      other.unreadable = false;
      node.buffer.addBackend(other);
      awaitLive(node, "notes");
      assertThat(copy.keys("notes")).isEqualTo(apart.keys("notes")).hasSize(60);
    }
  }
}
