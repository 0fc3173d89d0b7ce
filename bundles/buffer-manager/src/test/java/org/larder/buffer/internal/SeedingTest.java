package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.larder.buffer.Consistency;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.JournalStatus;
import org.larder.buffer.LetterAmbiguousException;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.Route;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteStatus;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.StorageException;

/** A backend gets what the journal has no more from the primary, and is no primary before that. */
class SeedingTest extends MirrorTestSupport {
  /** A node whose journal has been trimmed: what was written first is in main alone. */
  private TestNode trimmed() throws IOException {
    TestNode node = new TestNode(data).open(main);
    String body = "x".repeat(5_000);
    for (int i = 0; i == 0 || node.buffer.status().journal().startSequence() == 0; i++) {
      String prefix = "old" + i + "-";
      for (int k = 0; k < 100; k++) {
        node.write(Mutation.Kind.PUT, prefix + k, row -> row.set("body", body));
      }
      node.write(Mutation.Kind.DELETE, prefix + 0, row -> {});
      node.flush();
      JournalStatus journal = node.buffer.status().journal();
      if (journal.liveBytes() > journal.maxBytes() / 2) {
        TestNode.until(() -> node.buffer.status().journal().startSequence() > 0);
      }
    }
    return node;
  }

  private static Row another() {
    return Notes.note("another's", 0);
  }

  @Test
  void eachDeleteThatIsRefusedIsALetter() throws IOException {
    copy.put(Notes.note("alpha", 1));
    copy.put(Notes.note("beta", 2));
    mirror.refuse(
        true, item -> item.kind() == Mutation.Kind.DELETE && !item.key().startsWith("old"));
    try (TestNode node = trimmed()) {
      node.buffer.addBackend(mirror);
      node.buffer.changeRoute(mirrored());
      TestNode.until(() -> node.follower("copy").code().equals("STORE_NOT_EMPTY"));
      node.buffer.adopt("copy");
      node.awaitLive("copy");
      assertThat(node.buffer.deadLetters())
          .extracting(letter -> letter.row().key())
          .containsExactlyInAnyOrder("alpha", "beta");
      LetterFilter both = LetterFilter.ofSequence(node.buffer.deadLetters().get(0).sequence());
      assertThatThrownBy(() -> node.buffer.replay("copy", both, TestNode.LONG))
          .isInstanceOf(LetterAmbiguousException.class)
          .hasMessageContaining("alpha of notes, beta of notes");
      assertThat(node.buffer.discard("copy", LetterFilter.ofKey("alpha"))).isEqualTo(1);
      mirror.refuse(true, item -> false);
      assertThat(node.buffer.replay("copy", LetterFilter.ALL, TestNode.LONG).replayed())
          .isEqualTo(1);
      assertThat(copy.keys("notes")).contains("alpha").doesNotContain("beta");
    }
  }

  @Test
  void aLateMirrorIsFilledWithWhatTheJournalHasNoMore() throws IOException {
    try (TestNode node = trimmed()) {
      node.buffer.addBackend(mirror);
      node.buffer.changeRoute(mirrored());
      node.put("late", 1);
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).isEqualTo(store.keys("notes")).hasSizeGreaterThan(99);
    }
  }

  @Test
  void fillingThatHadNotBegunIsDoneAfterARestart() throws IOException {
    try (TestNode node = trimmed()) {
      node.buffer.addBackend(mirror);
      mirror.failAlways(
          new StorageException(StorageException.Severity.RETRY, "STORE_BUSY", "as told"));
      node.buffer.changeRoute(mirrored());
      node.put("late", 1);
      node.flush();
    }
    mirror.failAlways(null);
    TestNode again = node();
    try (again) {
      again.open(new FakeBackend(store));
      again.buffer.addBackend(mirror);
      again.awaitLive("copy");
      assertThat(copy.keys("notes")).isEqualTo(store.keys("notes"));
    }
  }

  @Test
  void aCollectionThatIsNewBeforeAMirrorIsMetDoesNotHaltIt() throws IOException {
    trimmed().close();
    try (TestNode node = node().open(main)) {
      node.buffer.addCollection(Notes.TAGS);
      node.put(Notes.TAGS, "a");
      node.flush();
      node.buffer.addBackend(mirror);
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).isEqualTo(store.keys("notes"));
      assertThat(copy.keys("tags")).containsExactly("a");
    }
  }

  @Test
  void whatALossOfPowerMayUndoIsNotNotedAsFilled() throws IOException {
    AtomicBoolean forced = new AtomicBoolean();
    FakeBackend lazy =
        new FakeBackend("copy", copy, Capability.INSERT_IF_ABSENT) {
          @Override
          public Position sync(String follower, int lane) {
            Position position = super.sync(follower, lane);
            return forced.get() || follower.equals("copy")
                ? position
                : new Position(position.journal(), position.epoch(), lane, position.sequence() - 1);
          }
        };
    try (TestNode node = trimmed()) {
      node.buffer.addBackend(lazy);
      node.buffer.changeRoute(mirrored());
      TestNode.until(() -> copy.keys("notes").equals(store.keys("notes")));
      TestNode.until(() -> node.follower("copy").code().equals("NOT_DURABLE"));
      assertThat(noted("notes")).isEqualTo(Coverage.Extent.SEEDING);
      node.put("late", 1);
      TestNode.until(() -> copy.keys("notes").contains("late"));
      assertThat(node.completeness("copy")).isEqualTo(RouteStatus.Completeness.SEEDING);
      forced.set(true);
      node.awaitLive("copy");
      TestNode.until(() -> node.follower("copy").code().isEmpty());
    }
  }

  @Test
  void aStoreWithRecordsOfItsOwnIsNotReplaced() throws IOException {
    copy.put(another());
    try (TestNode node = trimmed()) {
      node.buffer.addBackend(mirror);
      node.buffer.changeRoute(mirrored());
      TestNode.until(() -> node.follower("copy").state() == FollowerStatus.State.HALTED);
      assertThat(node.follower("copy").code()).isEqualTo("STORE_NOT_EMPTY");
      assertThat(copy.keys("notes")).containsExactly("another's");
      node.buffer.adopt("copy");
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).isEqualTo(store.keys("notes"));
    }
  }

  @Test
  void aSwapToAStoreThatLacksRecordsIsRefused() throws IOException {
    try (TestNode node = trimmed()) {
      node.buffer.addBackend(mirror);
      assertThatThrownBy(() -> node.buffer.changeRoute(Route.of(Route.ALL, "copy")))
          .isInstanceOf(RouteRefusedException.class)
          .hasMessageContaining("mirror of main first");
      assertThat(node.buffer.routes()).hasSize(1);
      assertThat(get(node, "none", Consistency.STORED).source()).isEqualTo("main");
    }
  }
}
