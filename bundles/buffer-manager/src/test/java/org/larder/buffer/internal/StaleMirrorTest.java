package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.JournalStatus;
import org.larder.buffer.RouteStatus;
import org.larder.storage.model.Mutation;

/** A mirror that was given up is never taken for one that has all. */
class StaleMirrorTest extends MirrorTestSupport {
  /** A node with two collections and a mirror that has all. */
  private TestNode open() throws IOException {
    TestNode node = node().open(main);
    node.buffer.addBackend(mirror);
    node.buffer.addCollection(Notes.TAGS);
    node.puts("a");
    node.put(Notes.TAGS, "a");
    node.flush();
    node.awaitLive("copy");
    return node;
  }

  private static void giveUp(TestNode node) throws IOException {
    node.buffer.routing().follower("copy").detach();
    TestNode.until(() -> node.follower("copy").state() == FollowerStatus.State.STALE);
  }

  private Coverage.Extent noted(String collection) throws IOException {
    return Coverage.open(data.resolve("buffer/coverage"))
        .of("copy", collection)
        .orElseThrow()
        .extent();
  }

  /** Writes until the journal has nothing more of what was there before. */
  private static void trim(TestNode node) {
    long before = node.buffer.status().journal().endSequence();
    String body = "x".repeat(5_000);
    while (node.buffer.status().journal().startSequence() < before) {
      for (int k = 0; k < 100; k++) {
        node.write(Mutation.Kind.PUT, "long" + k, row -> row.set("body", body));
      }
      node.flush();
      JournalStatus journal = node.buffer.status().journal();
      if (journal.liveBytes() > journal.maxBytes() / 2) {
        TestNode.until(() -> node.buffer.status().journal().startSequence() >= before);
      }
    }
  }

  @Test
  void aMirrorThatAppliesAllButMakesNothingDurableIsGivenUpAsWell() throws IOException {
    try (TestNode node = open()) {
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
    try (TestNode node = open()) {
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
    try (TestNode node = open()) {
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
    try (TestNode node = open()) {
      giveUp(node);
      node.puts("b");
      node.flush();
      Hang hang = mirror.hangNextPut(true);
      node.buffer.adopt("copy");
      hang.awaitEntered();
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
    try (TestNode node = open()) {
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
}
