package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.larder.buffer.internal.MigrationFixture.await;
import static org.larder.buffer.internal.MigrationFixture.request;
import static org.larder.buffer.internal.MigrationFixture.status;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.larder.buffer.BufferException;
import org.larder.buffer.Consistency;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.MigrationPlan;
import org.larder.buffer.MigrationRefusedException;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Migrations;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.StorageException;

/** A migration ends where it should, whatever happens meanwhile. */
@Timeout(60)
class MigrationTest {
  @TempDir Path data;
  @TempDir Path crashed;
  private final FakeStore store = new FakeStore();
  private final FakeStore copy = new FakeStore();
  private final MigratingFake main = new MigratingFake("main", store);
  private final MigratingFake target = new MigratingFake("copy", copy);

  private TestNode open() throws IOException {
    TestNode node = MigrationFixture.open(data, main, target);
    for (int i = 0; i < 30; i++) {
      node.puts("a" + i, "b" + i);
    }
    node.flush();
    return node;
  }

  private static String source(TestNode node) {
    return node.buffer.reader().get("notes", "a1", Consistency.STORED).source();
  }

  private static boolean isVerifying(TestNode node) {
    return node.buffer.migrations().list().stream()
        .anyMatch(migration -> migration.phase() == Phase.VERIFYING);
  }

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
        main.stuck = batch -> main.isFollowing(batch);
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

  private static Row note(String key, long n) {
    try {
      return Row.of(Notes.V1).set("note_id", key).set("n", n).build().under(Notes.V1);
    } catch (InvalidRowException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void recordsThatDifferAreNamedAndNothingIsCutOver() throws IOException {
    try (TestNode node = open()) {
      target.onScan =
          () -> {
            if (isVerifying(node)) {
              copy.put(note("a7", 77));
              copy.put(note("zz", 1));
              copy.delete("notes", "b3");
            }
          };
      node.buffer.migrations().start(request("notes"));
      TestNode.until(() -> status(node, 1).phase().isEnd());
      MigrationStatus failed = status(node, 1);
      assertThat(failed.phase()).isEqualTo(Phase.FAILED);
      assertThat(failed.code()).isEqualTo("VERIFICATION_FAILED");
      assertThat(failed.message())
          .contains("notes", "a7 differs in n", "b3 is missing", "zz should not be there");
      assertThat(source(node)).isEqualTo("main");
      node.puts("goes on");
      node.flush();
      target.onScan = () -> {};
      node.buffer.migrations().rollBack(1);
      await(node, 1, Phase.ROLLED_BACK);
      assertThat(node.buffer.routes()).hasSize(1);
    }
  }

  @Test
  void whatIsRefusedBehindTheComparisonIsNotCutOver() throws IOException {
    try (TestNode node = open()) {
      target.refuse(true, item -> item.key().equals("refused"));
      AtomicBoolean written = new AtomicBoolean();
      main.onScan =
          () -> {
            // The two are held: it is applied when its range was compared.
            if (isVerifying(node) && written.compareAndSet(false, true)) {
              node.puts("refused");
            }
          };
      node.buffer.migrations().start(request("notes"));
      TestNode.until(() -> status(node, 1).phase().isEnd());
      assertFailedForLetters(node);
    }
  }

  private void assertFailedForLetters(TestNode node) {
    MigrationStatus failed = status(node, 1);
    assertThat(failed.phase()).isEqualTo(Phase.FAILED);
    assertThat(failed.code()).isEqualTo("VERIFICATION_FAILED");
    assertThat(failed.message()).contains("copy has 1 dead letters of notes");
    assertThat(source(node)).isEqualTo("main");
    node.flush();
    assertThat(store.keys("notes")).contains("refused");
    assertThat(failed.reversible()).isTrue();
  }

  private static boolean isLedToCopy(TestNode node) {
    return node.buffer.routes().stream().anyMatch(route -> route.route().primary().equals("copy"));
  }

  @Test
  void whatIsRefusedBeforeReadsMoveTakesTheSwapBack() throws IOException {
    try (TestNode node = open()) {
      AtomicBoolean written = new AtomicBoolean();
      target.onScan =
          () -> {
            if (isVerifying(node) && written.compareAndSet(false, true)) {
              target.stuck = batch -> target.isFollowing(batch);
              node.puts("refused");
            }
          };
      node.buffer.migrations().start(request("notes"));
      await(node, 1, Phase.CUT_OVER);
      TestNode.until(() -> isLedToCopy(node));
      target.refuse(true, item -> item.key().equals("refused"));
      target.stuck = batch -> false;
      TestNode.until(() -> status(node, 1).phase().isEnd());
      assertFailedForLetters(node);
    }
  }

  @Test
  void whatTheOldPrimaryRefusedIsInTheWayOfRollingBack() throws IOException {
    try (TestNode node = open()) {
      Migrations migrations = node.buffer.migrations();
      migrations.start(request("notes"));
      await(node, 1, Phase.DONE);
      main.refuse(true, item -> item.key().equals("refused"));
      node.puts("refused");
      TestNode.until(() -> !node.buffer.deadLetters().isEmpty());
      assertThat(status(node, 1).reversible()).isFalse();
      assertThatThrownBy(() -> migrations.rollBack(1))
          .isInstanceOf(MigrationRefusedException.class)
          .hasMessageContaining("main has 1 dead letters of notes");
      node.buffer.discard("main", LetterFilter.ALL);
      migrations.rollBack(1);
      await(node, 1, Phase.ROLLED_BACK);
    }
  }

  @Test
  void aBackendThatHangsWhileAMigrationIsCheckedBlocksNoOther() throws Exception {
    try (TestNode node = open()) {
      Hang hang = new Hang(false);
      main.onScan = hang::hang;
      Migrations migrations = node.buffer.migrations();
      CompletableFuture<MigrationStatus> started =
          CompletableFuture.supplyAsync(() -> migrations.start(request("notes")));
      try {
        hang.awaitEntered();
        CompletableFuture<MigrationStatus> cancelled =
            CompletableFuture.supplyAsync(() -> migrations.cancel(9));
        assertThat(cancelled)
            .failsWithin(TestNode.LONG)
            .withThrowableOfType(ExecutionException.class)
            .withCauseInstanceOf(NoSuchElementException.class);
      } finally {
        hang.release();
      }
      assertThat(started).succeedsWithin(TestNode.LONG);
      await(node, 1, Phase.DONE);
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
  void aPlanChangesNothingAndSaysWhatThereIsToDo() throws IOException {
    try (TestNode node = open()) {
      MigrationPlan plan = node.buffer.migrations().plan(request("notes"));
      assertThat(plan.records()).isEqualTo(60);
      assertThat(plan.bytes()).isPositive();
      assertThat(plan.cutOver()).isTrue();
      assertThat(node.buffer.migrations().list()).isEmpty();
      assertThat(node.buffer.routes()).hasSize(1);
    }
  }

  private static void assertRefused(TestNode node, String code, MigrationRequest request) {
    assertThatThrownBy(() -> node.buffer.migrations().start(request))
        .isInstanceOfSatisfying(
            MigrationRefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void whatCannotBeIsRefusedWithItsReason() throws IOException {
    try (TestNode node = open()) {
      MigrationRequest.End any = MigrationRequest.End.AUTOMATIC;
      assertRefused(node, "COLLECTION_UNKNOWN", request("nothing"));
      assertRefused(node, "BACKEND_UNKNOWN", new MigrationRequest("notes", "main", "nowhere", any));
      assertRefused(node, "BACKEND_UNKNOWN", new MigrationRequest("notes", "nowhere", "copy", any));
      assertRefused(node, "MIGRATION_INVALID", new MigrationRequest("notes", "main", "main", any));
      assertRefused(node, "MIGRATION_INVALID", new MigrationRequest("notes", "copy", "main", any));
      main.refuse(true, item -> item.key().equals("bad"));
      node.puts("bad");
      node.flush();
      assertRefused(node, "SOURCE_INCOMPLETE", request("notes"));
      assertThat(node.buffer.migrations().list()).isEmpty();
    }
  }

  @Test
  void anArchiveIsNoTarget() throws IOException {
    try (TestNode node = open()) {
      node.routes =
          new RouteTable(
              node.routes.routes(),
              Map.of(
                  "copy",
                  new RouteTable.MirrorOptions(RouteTable.OnLag.DETACH, RouteTable.Deletes.NONE)));
      node.reconfigure();
      assertRefused(node, "MIGRATION_INVALID", request("notes"));
    }
  }

  @Test
  void aSourceThatIsAwayIsSaidToBe() throws IOException {
    try (TestNode node = open()) {
      main.unreadable = true;
      assertThatThrownBy(() -> node.buffer.migrations().start(request("notes")))
          .isInstanceOfSatisfying(
              BufferException.class,
              e -> assertThat(e.reason()).isEqualTo(BufferException.Reason.BACKEND_AWAY));
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

  @Test
  void writersGoOnWhileTheTwoAreHeld() throws IOException {
    try (TestNode node = open()) {
      main.onScan =
          () -> {
            if (isVerifying(node)) {
              node.write(Mutation.Kind.PUT, "written while held", row -> {});
            }
          };
      node.buffer.migrations().start(request("notes"));
      await(node, 1, Phase.DONE);
      node.flush();
      assertThat(copy.keys("notes")).contains("written while held");
      TestNode.until(() -> store.keys("notes").equals(copy.keys("notes")));
    }
  }

  @Test
  void aTargetThatHangsWhileItIsComparedDoesNotKeepThePrimaryFromFollowing() throws Exception {
    try (TestNode node = open()) {
      Hang hang = new Hang(false);
      target.onScan =
          () -> {
            if (isVerifying(node)) {
              hang.hang();
            }
          };
      node.buffer.migrations().start(request("notes"));
      try {
        hang.awaitEntered();
        node.puts("while it hangs");
        TestNode.until(() -> store.keys("notes").contains("while it hangs"));
        assertThat(status(node, 1).phase()).isEqualTo(Phase.VERIFYING);
      } finally {
        hang.release();
      }
      await(node, 1, Phase.DONE);
      assertThat(copy.keys("notes")).contains("while it hangs");
    }
  }

  @Test
  void aTargetThatHaltsGoesOnWhenItWasAdopted() throws IOException {
    try (TestNode node = open()) {
      target.failAlways(new StorageException(StorageException.Severity.HALT, "STORE_ERROR", "x"));
      node.buffer.migrations().start(request("notes"));
      TestNode.until(() -> status(node, 1).code().equals("STORE_ERROR"));
      target.failAlways(null);
      node.buffer.adopt("copy");
      await(node, 1, Phase.DONE);
      assertThat(copy.keys("notes")).isEqualTo(store.keys("notes"));
    }
  }
}
