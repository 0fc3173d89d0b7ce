package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.Consistency;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.Route;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteTable;
import org.larder.storage.spi.Capability;

/** The file of routes and the node never say two things, and a change that has begun ends. */
class RouteChangeTest extends MirrorTestSupport {
  private static final Route MIRRORED =
      new Route(Route.ALL, "main", List.of("copy"), Optional.empty());

  private TestNode open() throws IOException {
    TestNode node = new TestNode(data).open(main);
    node.buffer.addBackend(mirror);
    node.puts("a");
    node.flush();
    return node;
  }

  private void assertOwnFilesFail(ThrowingCallable order) {
    assertThatThrownBy(order)
        .isInstanceOfSatisfying(
            BufferException.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.NODE_DISK_FAILED))
        .hasMessageContaining("nothing was changed")
        .message()
        .doesNotContain(data.toString());
  }

  private static void assertUnchanged(TestNode node) {
    assertThat(node.buffer.routes().get(0).route()).isEqualTo(Route.of(Route.ALL, "main"));
    assertThat(node.buffer.retained()).containsOnlyKeys("main");
    assertThat(node.buffer.status().followers()).hasSize(1);
  }

  private void assertMirrors(TestNode node) {
    node.buffer.changeRoute(MIRRORED);
    node.puts("b");
    TestNode.until(() -> copy.keys("notes").equals(List.of("a", "b")));
  }

  @Test
  void aChangeThatTheNodesOwnFilesRefuseIsNotInTheFileOfRoutes() throws IOException {
    Path file = data.resolve("routes.cfg");
    Files.writeString(file, "route.* = main\n");
    try (TestNode node = open()) {
      node.keeper = new RouteFile(file);
      Path inTheWay = Files.createDirectory(data.resolve("buffer/coverage.new"));
      assertOwnFilesFail(() -> node.buffer.changeRoute(MIRRORED));
      assertThat(file).hasContent("route.* = main");
      assertUnchanged(node);
      Files.delete(inTheWay);
      assertMirrors(node);
      assertThat(file).hasContent("route.* = main, copy");
    }
  }

  @Test
  void aFileOfRoutesThatCannotBeWrittenChangesNothing() throws IOException {
    Path folder = data.resolve("config");
    try (TestNode node = open()) {
      node.keeper = new RouteFile(folder.resolve("routes.cfg"));
      assertOwnFilesFail(() -> node.buffer.changeRoute(MIRRORED));
      assertUnchanged(node);
      Files.createDirectory(folder);
      assertMirrors(node);
    }
  }

  @Test
  void aBackendThatGoesWhileTheFileIsWrittenLeavesBothAlike() throws IOException {
    Path file = data.resolve("routes.cfg");
    try (TestNode node = open()) {
      RouteFile kept = new RouteFile(file);
      node.keeper =
          new RouteKeeper() {
            @Override
            public void write(RouteTable table) throws IOException {
              kept.write(table);
              node.buffer.removeBackend(mirror);
            }

            @Override
            public boolean says(RouteTable table) throws IOException {
              return kept.says(table);
            }
          };
      node.buffer.changeRoute(MIRRORED);
      assertThat(file).content().contains("route.* = main, copy");
      assertThat(node.buffer.routes().get(0).route()).isEqualTo(MIRRORED);
    }
  }

  @Test
  @Timeout(120)
  void aSwapTakesBackNothingThatWasChangedMeanwhile() throws Exception {
    Route both = new Route(Route.ALL, "main", List.of("copy", "third"), Optional.empty());
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (TestNode node = open()) {
      node.buffer.addBackend(new FakeBackend("third", new FakeStore()));
      assertMirrors(node);
      node.awaitLive("copy");
      node.keeper =
          new RouteKeeper() {
            @Override
            public void write(RouteTable table) {
              writing.countDown();
              assertThatCode(goOn::await).doesNotThrowAnyException();
            }

            @Override
            public boolean says(RouteTable table) {
              return false;
            }
          };
      Thread changes = new Thread(() -> node.buffer.changeRoute(both));
      Thread swaps = new Thread(() -> node.buffer.swap(Route.ALL, "copy"));
      changes.start();
      writing.await();
      swaps.start();
      TestNode.until(() -> swaps.getState() == Thread.State.BLOCKED);
      goOn.countDown();
      changes.join();
      swaps.join();
      assertThat(node.buffer.routes().get(0).route()).isEqualTo(both.swappedTo("copy"));
    }
  }

  @Test
  void aReaderThatCannotBeClosedDoesNotKeepASwapFromEnding() throws Exception {
    try (TestNode node = open()) {
      assertMirrors(node);
      node.flush();
      Hang hang = main.hangNextWrite(true);
      node.puts("c");
      hang.awaitEntered();
      // Whoever asks has a reader of the journal now.
      assertThat(node.buffer.reader().get("notes", "c", Consistency.BUFFERED).value()).isPresent();
      node.files.failCloses(new IOException("as told"));
      node.buffer.changeRoute(MIRRORED.swappedTo("copy"));
      node.files.failCloses(null);
      hang.release();
      TestNode.until(
          () -> node.buffer.reader().get("notes", "a", Consistency.STORED).source().equals("copy"));
    }
  }

  @Test
  void anErrorDoesNotKeepLaterSwapsFromEnding() throws Exception {
    try (TestNode node = open()) {
      assertMirrors(node);
      node.flush();
      Hang atMain = main.hangNextWrite(true);
      Hang atCopy = mirror.hangNextWrite(true);
      node.puts("c");
      atMain.awaitEntered();
      atCopy.awaitEntered();
      node.buffer.changeRoute(MIRRORED.swappedTo("copy"));
      // Whoever asks has a reader of the journal now, which goes when the swap ends.
      assertThat(node.buffer.reader().get("notes", "c", Consistency.BUFFERED).value()).isPresent();
      node.files.breakNextClose("larder-routes", new LinkageError("as told"));
      atCopy.release();
      TestNode.until(() -> !node.files.isCloseToBreak());
      atMain.release();
      TestNode.until(() -> node.follower("main").lag() == 0);
      Hang again = main.hangNextWrite(true);
      node.puts("d");
      again.awaitEntered();
      node.buffer.changeRoute(MIRRORED);
      assertThat(node.buffer.routing().moves()).isNotEmpty();
      again.release();
      TestNode.until(() -> node.buffer.routing().moves().isEmpty());
    }
  }

  private void assertAdoptionFails(TestNode node, Path inTheWay) throws IOException {
    Files.createDirectory(inTheWay);
    assertOwnFilesFail(() -> node.buffer.adopt("copy"));
    TestNode.until(() -> node.follower("copy").state() == FollowerStatus.State.STALE);
    assertThat(node.buffer.retained()).containsOnlyKeys("main");
    assertThatThrownBy(() -> node.buffer.changeRoute(MIRRORED.swappedTo("copy")))
        .isInstanceOf(RouteRefusedException.class)
        .hasMessageContaining("has not got all");
    Files.delete(inTheWay);
  }

  @Test
  void aStaleMirrorThatCannotBeFilledAnewStaysOneAndHoldsNoJournal() throws IOException {
    try (TestNode node = open()) {
      assertMirrors(node);
      node.flush();
      node.buffer.routing().follower("copy").detach();
      node.puts("c");
      node.flush();
      assertAdoptionFails(node, data.resolve("buffer/coverage.new"));
      Path letters = data.resolve("buffer/dead-letters-copy");
      Files.delete(letters);
      assertAdoptionFails(node, letters);
      node.buffer.adopt("copy");
      TestNode.until(() -> copy.keys("notes").equals(List.of("a", "b", "c")));
    }
  }

  @Test
  void whatCannotBeLetGoOfAtOnceIsLetGoOfWhenTheDiskIsBack() throws IOException {
    try (TestNode node = open()) {
      assertMirrors(node);
      node.flush();
    }
    TestNode node = new TestNode(data);
    node.routes = RouteTable.of("main").with(MIRRORED);
    try (node) {
      node.open(main);
      node.buffer.addBackend(mirror);
      node.puts("c");
      TestNode.until(() -> copy.keys("notes").contains("c"));
      Path inTheWay = Files.createDirectory(data.resolve("buffer/coverage.new"));
      node.buffer.changeRoute(Route.of("notes", "main"));
      Path coverage = data.resolve("buffer/coverage");
      long before = Files.size(coverage);
      Files.delete(inTheWay);
      TestNode.until(() -> coverage.toFile().length() < before);
    }
  }

  @Test
  void aFormerPrimaryThatServesOneMoveLacksWhatHasMovedBefore() throws Exception {
    FakeStore second = new FakeStore();
    FakeBackend slow = new FakeBackend("slow", second, Capability.INSERT_IF_ABSENT);
    try (TestNode node = new TestNode(data)) {
      node.routes = RouteTable.of("main");
      node.open(main);
      node.buffer.addBackend(mirror);
      node.buffer.addBackend(slow);
      node.buffer.addCollection(Notes.TAGS);
      node.puts("a");
      node.put(Notes.TAGS, "a");
      node.flush();
      Hang hang = slow.hangNextWrite(true);
      node.routes = RouteTable.of("copy").with(Route.of("tags", "slow"));
      node.reconfigure();
      TestNode.until(() -> copy.keys("notes").contains("a"));
      hang.awaitEntered();
      TestNode.until(() -> !node.buffer.routing().leads("notes", "main"));
      node.puts("passed over");
      node.put(Notes.TAGS, "b");
      TestNode.until(() -> store.keys("tags").contains("b"));
      hang.release();
      TestNode.until(() -> node.buffer.routing().followers().find("main").isEmpty());
      node.buffer.changeRoute(new Route(Route.ALL, "copy", List.of("main"), Optional.empty()));
      node.awaitLive("main");
      assertThat(store.keys("notes")).containsExactly("a", "passed over");
    }
  }

  @Test
  void aStaleMirrorThatComesBackForOneCollectionIsNotStale() throws IOException {
    try (TestNode node = openComplete()) {
      giveUp(node);
      node.buffer.changeRoute(Route.of(Route.ALL, "main"));
      TestNode.until(() -> node.buffer.routing().followers().find("copy").isEmpty());
      node.buffer.changeRoute(new Route("notes", "main", List.of("copy"), Optional.empty()));
      node.puts("b");
      TestNode.until(() -> copy.keys("notes").equals(List.of("a", "b")));
      TestNode.until(() -> node.follower("copy").state() == FollowerStatus.State.FOLLOWING);
    }
  }

  @Test
  void aMirrorThatRefusedSomethingIsNoPrimaryAfterItWasLetGoOf() throws IOException {
    try (TestNode node = openComplete()) {
      mirror.refuse(true, item -> item.key().equals("k"));
      node.puts("k");
      TestNode.until(() -> node.follower("copy").deadLetters() == 1);
      mirror.refuse(true, item -> false);
      node.buffer.changeRoute(Route.of(Route.ALL, "main"));
      TestNode.until(() -> node.buffer.routing().followers().find("copy").isEmpty());
      assertThatThrownBy(() -> node.buffer.changeRoute(Route.of("notes", "copy")))
          .isInstanceOfSatisfying(
              RouteRefusedException.class, e -> assertThat(e.code()).isEqualTo("NOT_SEEDED"));
      node.buffer.changeRoute(mirrored());
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).containsExactly("a", "k");
      assertThat(node.follower("copy").deadLetters()).isZero();
    }
  }

  @Test
  void aMirrorThatRefusedSomethingIsNoPrimaryBeforeThatIsSettled() throws IOException {
    try (TestNode node = openComplete()) {
      mirror.refuse(true, item -> item.key().equals("k"));
      node.puts("k");
      TestNode.until(() -> node.follower("copy").deadLetters() == 1);
      Route swapped = mirrored().swappedTo("copy");
      assertThatThrownBy(() -> node.buffer.changeRoute(swapped))
          .isInstanceOfSatisfying(
              RouteRefusedException.class, e -> assertThat(e.code()).isEqualTo("NOT_SEEDED"))
          .hasMessageContaining("copy has dead letters of notes");
      mirror.refuse(true, item -> false);
      node.buffer.replay("copy", LetterFilter.ALL, TestNode.LONG);
      node.buffer.changeRoute(swapped);
      TestNode.until(() -> get(node, "k", Consistency.STORED).source().equals("copy"));
      assertThat(copy.keys("notes")).containsExactly("a", "k");
    }
  }
}
