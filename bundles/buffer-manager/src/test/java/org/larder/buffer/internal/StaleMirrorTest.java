package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.Route;
import org.larder.buffer.RouteStatus;
import org.larder.buffer.RouteTable;
import org.larder.storage.model.Mutation;

/** A mirror that was given up is never taken for one that has all. */
class StaleMirrorTest extends MirrorTestSupport {
  @Test
  void whatWasRefusedBeforeItWasFilledAnewDoesNotComeBack() throws IOException {
    try (TestNode node = openComplete()) {
      mirror.refuse(true, item -> item.key().equals("k"));
      node.put("k", 1);
      node.flush();
      TestNode.until(() -> node.follower("copy").deadLetters() == 1);
      mirror.refuse(true, item -> false);
      giveUp(node);
      node.put("k", 2);
      trim(node);
      node.buffer.adopt("copy");
      node.awaitLive("copy");
      assertThat(node.follower("copy").deadLetters()).isZero();
      node.buffer.replay("copy", LetterFilter.ALL, TestNode.LONG);
      assertThat(TestNode.n(copy.row("notes", "k"))).isEqualTo(2);
    }
  }

  @Test
  void whatAnArchiveOnceRefusedDoesNotReplaceWhatItIsFilledWith() throws IOException {
    TestNode node = node();
    node.makeArchive("copy", RouteTable.Deletes.NONE);
    try (node) {
      node.open(main);
      node.buffer.addBackend(mirror);
      mirror.refuse(true, item -> !item.key().equals("a"));
      node.puts("a");
      node.put("k", 1);
      node.put("again", 1);
      node.put("gone", 1);
      node.write(Mutation.Kind.DELETE, "gone", row -> {});
      node.flush();
      TestNode.until(() -> node.follower("copy").deadLetters() == 3);
      mirror.refuse(true, item -> item.key().equals("again"));
      giveUp(node);
      node.put("k", 2);
      node.put("again", 2);
      trim(node);
      node.buffer.adopt("copy");
      node.awaitLive("copy");
      node.put("k", 3);
      node.awaitLive("copy");
      assertThat(TestNode.n(copy.row("notes", "k"))).isEqualTo(3);
      assertThat(node.buffer.deadLetters())
          .extracting(letter -> letter.row().key() + TestNode.n(letter.row()))
          .containsExactly("again1", "gone1", "again2");
      mirror.refuse(true, item -> false);
      node.buffer.replay("copy", LetterFilter.ALL, TestNode.LONG);
      assertThat(TestNode.n(copy.row("notes", "k"))).isEqualTo(3);
      assertThat(TestNode.n(copy.row("notes", "again"))).isEqualTo(2);
      assertThat(TestNode.n(copy.row("notes", "gone"))).isEqualTo(1);
    }
  }

  @Test
  void aMirrorThatAppliesAllButMakesNothingDurableIsGivenUpAsWell() throws IOException {
    try (TestNode node = openComplete()) {
      TestNode.until(() -> mirror.syncs.get() > 0);
      mirror.makesNothingDurable = true;
      node.writeUntilStale("copy");
      node.puts("afterwards");
      node.flush();
      assertThat(node.follower("main").state()).isEqualTo(FollowerStatus.State.FOLLOWING);
    }
  }

  @Test
  void aMirrorThatCannotBeNotedAsGivenUpGoesOnAndKeepsTheJournal() throws IOException {
    try (TestNode node = openComplete()) {
      Path inTheWay = Files.createDirectory(data.resolve("buffer/coverage.new"));
      Follower follower = node.buffer.routing().follower("copy");
      assertThatThrownBy(follower::detach).isInstanceOf(IOException.class);
      node.puts("b");
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).containsExactly("a", "b");
      assertThat(node.buffer.retained()).containsKey("copy");
      Files.delete(inTheWay);
      giveUp(node);
      assertThat(noted("notes")).isEqualTo(Coverage.Extent.STALE);
      assertThat(noted("tags")).isEqualTo(Coverage.Extent.STALE);
      assertThat(node.buffer.retained()).doesNotContainKey("copy");
    }
  }

  @Test
  void aJournalThatCannotNoteItIsKeptForTheStaleMirrorNoLonger() throws IOException {
    try (TestNode node = openComplete()) {
      node.files.failRenames(new IOException("as told"));
      giveUp(node);
      assertThat(node.buffer.retained()).doesNotContainKey("copy");
      node.files.failRenames(null);
      trim(node);
      assertThat(node.completeness("copy")).isEqualTo(RouteStatus.Completeness.STALE);
      assertThat(noted("tags")).isEqualTo(Coverage.Extent.STALE);
    }
  }

  @Test
  void aRangeThatComesLateDoesNotMakeAStaleMirrorFull() throws Exception {
    try (TestNode node = openComplete()) {
      Hang hang = hangWhileFilled(node);
      node.buffer.routing().follower("copy").detach();
      hang.release();
      TestNode.until(() -> node.follower("copy").state() == FollowerStatus.State.STALE);
      assertThat(noted("notes")).isEqualTo(Coverage.Extent.STALE);
      node.buffer.adopt("copy");
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).containsExactly("a", "b");
    }
  }

  @Test
  void aCollectionThatIsNewWhileAMirrorIsStaleIsFilledAnewAsWell() throws IOException {
    try (TestNode node = openComplete()) {
      giveUp(node);
      node.buffer.addCollection(Stock.ITEMS);
      node.put(Stock.ITEMS, "i1");
      trim(node);
      node.buffer.adopt("copy");
      node.awaitLive("copy");
      assertThat(copy.keys("stock")).containsExactly("i1");
      assertThat(copy.keys("notes")).isEqualTo(store.keys("notes"));
    }
  }

  @Test
  void whatAMirrorRefusesWhileItsRouteEndsIsFilledInWhenItComesBack() throws IOException {
    try (TestNode node = openComplete()) {
      CountDownLatch writing = new CountDownLatch(1);
      mirror.refuse(
          true,
          item -> {
            if (item.key().equals("k")) {
              writing.countDown();
              TestNode.until(() -> !node.buffer.routing().leads("notes", "copy"));
            }
            return item.key().equals("k");
          });
      node.put("k", 1);
      TestNode.until(() -> writing.getCount() == 0);
      node.buffer.changeRoute(Route.of(Route.ALL, "main"));
      TestNode.until(() -> node.buffer.routing().followers().find("copy").isEmpty());
      mirror.refuse(true, item -> false);
      node.buffer.changeRoute(mirrored());
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).containsExactly("a", "k");
    }
  }
}
