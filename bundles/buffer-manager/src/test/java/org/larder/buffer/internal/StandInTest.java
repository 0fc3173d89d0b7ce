package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.Consistency;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.RouteStatus;
import org.larder.buffer.RouteTable;
import org.larder.storage.query.Query;

/** A store that lacks records answers nobody, whoever else is away. */
class StandInTest extends MirrorTestSupport {
  private boolean isFilled(String collection) {
    try {
      return noted(collection) == Coverage.Extent.CATCHING_UP;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nobody may say that a record is not there because a store lacks it. */
  private static void assertNobodyAnswers(TestNode node, String source) {
    for (Consistency consistency : Consistency.values()) {
      assertThatThrownBy(() -> node.buffer.reader().get("notes", "a", consistency))
          .isInstanceOfSatisfying(
              BufferException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BACKEND_AWAY));
    }
    assertThatThrownBy(() -> node.buffer.reader().query(Query.of(Notes.V1), Consistency.STORED))
        .isInstanceOf(BufferException.class);
    assertThat(node.buffer.routes().get(0).source()).isEqualTo(source);
  }

  private static void assertAnswers(TestNode node, String source) {
    assertThat(node.buffer.reader().get("notes", "a", Consistency.STORED).source())
        .isEqualTo(source);
    assertThat(node.buffer.routes().get(0).source()).isEqualTo(source);
  }

  @Test
  void aStaleMirrorDoesNotStandInForThePrimary() throws IOException {
    try (TestNode node = openComplete()) {
      giveUp(node);
      node.buffer.removeBackend(main);
      assertNobodyAnswers(node, "main");
    }
    TestNode again = node();
    try (again) {
      again.open();
      again.buffer.addBackend(mirror);
      TestNode.until(() -> again.follower("copy").state() == FollowerStatus.State.STALE);
      assertNobodyAnswers(again, "main");
      again.buffer.addBackend(new FakeBackend(store));
      again.flush();
      assertAnswers(again, "main");
    }
  }

  @Test
  void aMirrorThatIsBeingFilledDoesNotStandInForThePrimary() throws Exception {
    try (TestNode node = openComplete()) {
      Hang hang = hangWhileFilled(node);
      TestNode.until(() -> node.follower("copy").position() >= 0);
      node.buffer.removeBackend(main);
      assertNobodyAnswers(node, "main");
      hang.release();
      node.buffer.addBackend(new FakeBackend(store));
      node.awaitLive("copy");
      assertAnswers(node, "main");
    }
  }

  @Test
  void aMirrorThatWasFilledAndHasToCatchUpDoesNotStandInForThePrimary() throws IOException {
    try (TestNode node = openComplete()) {
      giveUp(node);
      node.puts("b");
      node.flush();
      mirror.stuck = mirror::isFollowing;
      node.buffer.adopt("copy");
      TestNode.until(() -> isFilled("notes") && isFilled("tags"));
      node.buffer.removeBackend(main);
      assertNobodyAnswers(node, "main");
      mirror.stuck = batch -> false;
      TestNode.until(() -> node.completeness("copy") == RouteStatus.Completeness.LIVE);
      assertAnswers(node, "copy");
    }
  }

  /** A node that begins with a primary for which nothing was ever kept. */
  private TestNode openUnfilled() throws IOException {
    try (TestNode node = new TestNode(data).open(main)) {
      node.puts("a");
      node.flush();
      trim(node);
    }
    TestNode again = new TestNode(data);
    again.routes = RouteTable.of("copy");
    again.open(new FakeBackend(store));
    again.buffer.addBackend(mirror);
    TestNode.until(() -> again.follower("copy").state() == FollowerStatus.State.HALTED);
    assertThat(again.follower("copy").code()).isEqualTo("NOT_SEEDED");
    assertThat(again.follower("copy").message()).contains("notes", "larder:adopt copy");
    assertNobodyAnswers(again, "copy");
    again.puts("late");
    assertThat(copy.keys("notes")).isEmpty();
    return again;
  }

  @Test
  void aPrimaryThatWasNeverFilledIsNotReadFromAndTheOldRouteComesBack() throws IOException {
    openUnfilled().close();
    try (TestNode node = new TestNode(data).open(new FakeBackend(store))) {
      node.flush();
      assertAnswers(node, "main");
      assertThat(store.keys("notes")).contains("a", "late", "long0");
    }
  }

  @Test
  void aPrimaryThatWasNeverFilledIsTakenAsItIsIfSomebodyWantsThat() throws IOException {
    try (TestNode node = openUnfilled()) {
      node.buffer.adopt("copy");
      node.flush();
      assertAnswers(node, "copy");
      assertThat(copy.keys("notes")).contains("late").doesNotContain("a");
    }
  }
}
