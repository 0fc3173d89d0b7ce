package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.larder.buffer.internal.MigrationFixture.await;
import static org.larder.buffer.internal.MigrationFixture.request;
import static org.larder.buffer.internal.MigrationFixture.status;
import static org.larder.buffer.internal.Notes.note;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.MigrationRefusedException;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Migrations;

/** Reads move only to a store that has the same records, and has refused none. */
class MigrationVerificationTest extends MigrationTestSupport {
  @Test
  void recordsThatDifferAreNamedAndCopiedAnewByTheNextMigration() throws IOException {
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

      node.buffer.migrations().start(request("notes"));
      await(node, 2, Phase.DONE);
      assertThat(status(node, 2).copied()).isGreaterThanOrEqualTo(61);
      assertThat(copy.keys("notes")).isEqualTo(store.keys("notes"));
      assertThat(copy.row("notes", "a7")).isEqualTo(store.row("notes", "a7"));
    }
  }

  /** Where its position is, such a store says nothing of what it has. */
  @Test
  void storeThatHasABatchBeforeItsPositionMovesIsNotTakenForDifferent() throws IOException {
    try (TestNode node = open()) {
      main.onScan = () -> target.unreadable = copy.rows("notes").size() > 1;
      long id = node.buffer.migrations().start(request("notes")).id();
      await(node, id, Phase.VERIFYING);
      TestNode.until(() -> target.unreadable);
      target.torn = true;
      node.puts("torn");
      TestNode.until(() -> copy.keys("notes").contains("torn"));
      main.onScan = () -> {};
      target.unreadable = false;
      long enough = node.follower("copy").retries() + 100;
      TestNode.until(
          () ->
              node.follower("copy").retries() >= enough
                  || status(node, id).phase() == Phase.FAILED);
      target.torn = false;
      await(node, id, Phase.DONE);
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

  /** Writes once, at a scan of the comparison; the target does not get it for now. */
  private void writeWhileItVerifies(TestNode node, Runnable before) {
    AtomicBoolean written = new AtomicBoolean();
    target.onScan =
        () -> {
          if (isVerifying(node) && written.compareAndSet(false, true)) {
            target.stuck = batch -> target.isFollowing(batch);
            before.run();
            node.puts("refused");
          }
        };
  }

  @Test
  void whatIsRefusedBeforeReadsMoveTakesTheSwapBack() throws IOException {
    try (TestNode node = open()) {
      writeWhileItVerifies(node, () -> {});
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
  void aSwapThatCannotBeTakenBackYetSaysWhatBothRefused() throws IOException {
    try (TestNode node = open()) {
      writeWhileItVerifies(node, () -> main.refuse(true, item -> item.key().equals("refused")));
      node.buffer.migrations().start(request("notes"));
      await(node, 1, Phase.CUT_OVER);
      TestNode.until(() -> isLedToCopy(node));
      target.refuse(true, item -> item.key().equals("refused"));
      target.stuck = batch -> false;
      TestNode.until(
          () -> status(node, 1).code().equals("NOT_SEEDED") || status(node, 1).phase().isEnd());
      MigrationStatus waiting = status(node, 1);
      assertThat(waiting.phase()).isEqualTo(Phase.CUT_OVER);
      assertThat(waiting.message())
          .contains("copy has 1 dead letters of notes", "main has dead letters of notes");
      node.buffer.discard("main", LetterFilter.ALL);
      TestNode.until(() -> status(node, 1).phase().isEnd());
      assertThat(status(node, 1).code()).isEqualTo("VERIFICATION_FAILED");
      assertThat(source(node)).isEqualTo("main");
    }
  }
}
