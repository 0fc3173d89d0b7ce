package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.larder.buffer.internal.MigrationFixture.await;
import static org.larder.buffer.internal.MigrationFixture.request;
import static org.larder.buffer.internal.MigrationFixture.status;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.larder.buffer.Consistency;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.MigrationRefusedException;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Migrations;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.storage.spi.StorageException;

/** A migration ends where it should, whatever happens meanwhile. */
class MigrationTest extends MigrationTestSupport {
  @TempDir Path crashed;

  @Test
  void everythingMovesAndTheWayBackStaysOpen() throws IOException {
    try (TestNode node = open()) {
      Migrations migrations = node.buffer.migrations();
      long id = migrations.start(request(Route.ALL)).id();
      node.put("late", 1);
      MigrationStatus done = await(node, id, Phase.DONE);
      node.put("later", 2);
      node.flush();
      assertThat(source(node)).isEqualTo("copy");
      assertThat(copy.keys("notes")).hasSize(62);
      TestNode.until(() -> store.keys("notes").equals(copy.keys("notes")));
      assertThat(done.verified()).isGreaterThanOrEqualTo(60);
      assertThat(done.comparison().digest()).hasSize(64);
      assertThat(done.copied()).isGreaterThanOrEqualTo(60);
      assertThat(node.buffer.routes().get(0).route().mirrors()).containsExactly("main");

      assertThat(done.reversible()).isTrue();
      migrations.rollBack(id);
      await(node, id, Phase.ROLLED_BACK);
      node.put("latest", 3);
      node.flush();
      assertThat(source(node)).isEqualTo("main");
      assertThat(store.keys("notes")).contains("late", "later", "latest");
      assertThat(node.buffer.routes().get(0).route()).isEqualTo(Route.of(Route.ALL, "main"));
      TestNode.until(() -> !node.buffer.retained().containsKey("copy"));
    }
  }

  @Test
  void oneCollectionMovesAloneAndComesBackToTheRouteOfAll() throws IOException {
    try (TestNode node = open()) {
      node.buffer.addCollection(Notes.TAGS);
      long id = node.buffer.migrations().start(request("notes")).id();
      await(node, id, Phase.DONE);
      assertThat(node.buffer.routes()).hasSize(2);
      assertThat(source(node)).isEqualTo("copy");
      node.buffer.migrations().rollBack(id);
      await(node, id, Phase.ROLLED_BACK);
      assertThat(node.buffer.routes()).hasSize(1);
      assertThat(source(node)).isEqualTo("main");
    }
  }

  @Test
  void oneCollectionMovesToAStoreThatOnceHadThemAll() throws IOException {
    try (TestNode node = open()) {
      Migrations migrations = node.buffer.migrations();
      node.buffer.addCollection(Notes.TAGS);
      long all = migrations.start(request(Route.ALL)).id();
      await(node, all, Phase.DONE);
      migrations.rollBack(all);
      await(node, all, Phase.ROLLED_BACK);
      TestNode.until(() -> !node.buffer.retained().containsKey("copy"));
      MirrorTestSupport.trim(node);
      await(node, migrations.start(request("notes")).id(), Phase.DONE);
      assertThat(source(node)).isEqualTo("copy");
      assertThat(copy.keys("notes")).isEqualTo(store.keys("notes"));
    }
  }

  /** In what way a migration is kept in a phase until the node is killed. */
  private void keepIn(Phase phase, MigratingFake target, MigratingFake main) {
    switch (phase) {
      case BACKFILLING -> target.stuck = batch -> !target.isFollowing(batch);
      case CATCHING_UP -> target.stuck = batch -> target.isFollowing(batch);
      case VERIFYING ->
          main.onScan = () -> target.unreadable = target.store.rows("notes").size() > 1;
      case CUT_OVER ->
          target.onScan =
              () -> {
                if (target.store.rows("notes").size() == main.store.rows("notes").size()) {
                  target.stuck = batch -> target.isFollowing(batch);
                }
              };
      default -> {}
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Phase.class,
      names = {"BACKFILLING", "CATCHING_UP", "VERIFYING", "CUT_OVER", "ROLLING_BACK"})
  void aNodeKilledInAnyPhaseGoesOn(Phase phase) throws IOException {
    FakeStore storeThen;
    FakeStore copyThen;
    long id;
    try (TestNode node = open()) {
      keepIn(phase, target, main);
      id = node.buffer.migrations().start(request("notes")).id();
      if (phase == Phase.CATCHING_UP) {
        node.puts("meanwhile");
        node.flush();
      }
      if (phase == Phase.ROLLING_BACK) {
        await(node, id, Phase.DONE);
        failWhenGoneBackTo(node);
        node.buffer.migrations().rollBack(id);
      }
      await(node, id, phase);
      node.puts("while it waits");
      assertThat(status(node, id).phase()).isEqualTo(phase);
      node.copyDataTo(crashed);
      storeThen = store.copy();
      copyThen = copy.copy();
      target.stuck = batch -> false;
      main.stuck = batch -> false;
    }
    MigratingFake mainAgain = new MigratingFake("main", storeThen);
    MigratingFake targetAgain = new MigratingFake("copy", copyThen);
    try (TestNode node = MigrationFixture.open(crashed, mainAgain, targetAgain)) {
      node.puts("after the crash");
      await(node, id, phase == Phase.ROLLING_BACK ? Phase.ROLLED_BACK : Phase.DONE);
      node.flush();
      String primary = phase == Phase.ROLLING_BACK ? "main" : "copy";
      assertThat(source(node)).isEqualTo(primary);
      FakeStore read = phase == Phase.ROLLING_BACK ? storeThen : copyThen;
      assertThat(read.keys("notes"))
          .contains("a0", "b29", "while it waits", "after the crash")
          .hasSizeGreaterThanOrEqualTo(62);
    }
  }

  @Test
  void cancellingGivesTheOldRouteBack() throws IOException {
    try (TestNode node = open()) {
      target.stuck = batch -> !target.isFollowing(batch);
      Migrations migrations = node.buffer.migrations();
      migrations.start(request("notes"));
      await(node, 1, Phase.BACKFILLING);
      TestNode.until(() -> status(node, 1).code().equals("STORE_BUSY"));
      assertThatThrownBy(() -> migrations.start(request("*")))
          .isInstanceOf(MigrationRefusedException.class)
          .hasMessageContaining("Migration 1");
      migrations.cancel(1);
      await(node, 1, Phase.CANCELLED);
      assertThat(node.buffer.routes()).hasSize(1);
      assertThatThrownBy(() -> migrations.cancel(1)).isInstanceOf(MigrationRefusedException.class);
      assertThatThrownBy(() -> migrations.rollBack(1))
          .isInstanceOf(MigrationRefusedException.class);
      target.stuck = batch -> false;
      migrations.start(request("notes"));
      await(node, 2, Phase.DONE);
      assertThat(copy.keys("notes")).isEqualTo(store.keys("notes"));
    }
  }

  @Test
  void aTargetThatCannotAnswerStaysAMirror() throws IOException {
    FakeBackend archive = new FakeBackend("copy", copy);
    try (TestNode node = MigrationFixture.open(data, main, archive)) {
      node.puts("a", "b");
      node.flush();
      Migrations migrations = node.buffer.migrations();
      assertThat(migrations.plan(request("notes")).cutOver()).isFalse();
      assertThatThrownBy(
              () ->
                  migrations.plan(
                      new MigrationRequest("notes", "main", "copy", MigrationRequest.End.PRIMARY)))
          .isInstanceOf(MigrationRefusedException.class)
          .hasMessageContaining("does not answer questions");
      migrations.start(request("notes"));
      MigrationStatus end = await(node, 1, Phase.MIRRORED);
      assertThat(end.message()).contains("stays the primary");
      assertThat(copy.keys("notes")).containsExactly("a", "b");
      assertThat(node.buffer.reader().get("notes", "a", Consistency.STORED).source())
          .isEqualTo("main");
    }
  }

  @Test
  void aRouteChangedByAnotherIsNoLongerReversed() throws IOException {
    try (TestNode node = open()) {
      Migrations migrations = node.buffer.migrations();
      migrations.start(request("notes"));
      await(node, 1, Phase.DONE);
      node.buffer.changeRoute(new Route("notes", "copy", List.of(), Optional.empty()));
      assertThat(status(node, 1).reversible()).isFalse();
      assertThatThrownBy(() -> migrations.rollBack(1))
          .isInstanceOf(MigrationRefusedException.class)
          .hasMessageContaining("changed since");
    }
  }

  @Test
  void routesReadFromTheFileTooEarlyUndoNothing() throws IOException {
    try (TestNode node = open()) {
      RouteTable early = node.routes;
      node.buffer.migrations().start(request("notes"));
      await(node, 1, Phase.DONE);
      node.routes = early;
      node.reconfigure();
      assertThat(source(node)).isEqualTo("copy");
      assertThat(node.buffer.routes()).hasSize(2);
    }
  }

  private static void assertNotReversible(TestNode node, String reason) {
    assertThat(status(node, 1).reversible()).isFalse();
    assertThatThrownBy(() -> node.buffer.migrations().rollBack(1))
        .isInstanceOf(MigrationRefusedException.class)
        .hasMessageContaining("main does not follow")
        .hasMessageContaining(reason);
  }

  @Test
  void aSourceWhoseStoreWasReplacedIsNotGoneBackTo() throws IOException {
    try (TestNode node = open()) {
      node.buffer.migrations().start(request("notes"));
      await(node, 1, Phase.DONE);
      node.buffer.removeBackend(main);
      TestNode.until(() -> node.follower("main").state() == FollowerStatus.State.AWAY);
      store.become(new FakeStore());
      node.buffer.addBackend(main);
      TestNode.until(() -> node.follower("main").state() == FollowerStatus.State.HALTED);
      assertNotReversible(node, "DIFFERENT_STORE");
      assertThat(source(node)).isEqualTo("copy");
    }
  }

  @Test
  void aSourceThatIsDownIsGoneBackToWhenItFollows() throws IOException {
    try (TestNode node = open()) {
      node.buffer.migrations().start(request("notes"));
      await(node, 1, Phase.DONE);
      main.failAlways(new StorageException(StorageException.Severity.RETRY, "STORE_DOWN", "x"));
      node.puts("while it is down");
      TestNode.until(() -> node.follower("main").state() == FollowerStatus.State.BACKING_OFF);
      assertNotReversible(node, "STORE_DOWN");
      main.failAlways(null);
      TestNode.until(() -> status(node, 1).reversible());
      node.buffer.migrations().rollBack(1);
      await(node, 1, Phase.ROLLED_BACK);
      assertThat(store.keys("notes")).contains("while it is down");
    }
  }

  /** A source that fails from now on, and has nothing to do before it is the primary again. */
  private void failWhenGoneBackTo(TestNode node) {
    TestNode.until(() -> node.follower("main").lag() == 0);
    main.stuck = batch -> main.isFollowing(batch);
  }

  private static String primary(TestNode node) {
    return node.buffer.routing().table().routeOf("notes").primary();
  }

  @Test
  void goingBackToASourceThatFailsThenIsEndedByASwap() throws IOException {
    try (TestNode node = open()) {
      node.buffer.migrations().start(request("notes"));
      await(node, 1, Phase.DONE);
      failWhenGoneBackTo(node);
      node.buffer.migrations().rollBack(1);
      TestNode.until(() -> primary(node).equals("main"));
      Route swapped = new Route("notes", "copy", List.of("main"), Optional.empty());
      node.buffer.changeRoute(swapped);
      TestNode.until(() -> status(node, 1).phase().isEnd());
      assertThat(status(node, 1).code()).isEqualTo("ROUTE_CHANGED");
      assertThat(node.buffer.routing().table().routeOf("notes")).isEqualTo(swapped);
      assertThat(source(node)).isEqualTo("copy");
      main.stuck = batch -> false;
      TestNode.until(() -> status(node, 1).reversible());
      node.buffer.migrations().rollBack(1);
      await(node, 1, Phase.ROLLED_BACK);
    }
  }
}
