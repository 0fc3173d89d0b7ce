package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.buffer.internal.MigrationFixture.await;
import static org.larder.buffer.internal.MigrationFixture.request;
import static org.larder.buffer.internal.MigrationFixture.status;

import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Migrations;
import org.larder.buffer.Route;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.StorageException;

/** A backend that hangs or halts in a migration holds up nobody else. */
class MigrationHangTest extends MigrationTestSupport {
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

  /** Lets the comparison hang, in the one backend or the other. */
  private Hang hangWhenCompared(TestNode node, MigratingFake backend) {
    Hang hang = new Hang(false);
    backend.onScan =
        () -> {
          if (isVerifying(node)) {
            hang.hang();
          }
        };
    return hang;
  }

  @ParameterizedTest
  @CsvSource({"main, false", "main, true", "copy, false", "copy, true"})
  void aComparisonThatHangsCanBeCancelledAndBarsNoOther(String hanging, boolean snapshots)
      throws Exception {
    target.snapshots = snapshots;
    try (TestNode node = open()) {
      MigratingFake backend = hanging.equals("main") ? main : target;
      Hang hang = hangWhenCompared(node, backend);
      try {
        node.buffer.migrations().start(request("notes"));
        hang.awaitEntered();
        backend.onScan = () -> {};
        node.buffer.migrations().cancel(1);
        await(node, 1, Phase.CANCELLED);
        node.buffer.migrations().start(request("notes"));
        await(node, 2, Phase.DONE);
        assertThat(copy.keys("notes")).isEqualTo(store.keys("notes"));
      } finally {
        hang.release();
      }
    }
  }

  @Test
  void whoWaitsForAComparisonThatHangsCanBeCancelled() throws Exception {
    try (TestNode node = open()) {
      node.buffer.addCollection(Notes.TAGS);
      node.put(Notes.TAGS, "t");
      Hang hang = hangWhenCompared(node, main);
      try {
        node.buffer.migrations().start(request("notes"));
        hang.awaitEntered();
        main.onScan = () -> {};
        node.buffer.migrations().start(request("tags"));
        node.put(Notes.TAGS, "u");
        await(node, 2, Phase.VERIFYING);
        node.buffer.migrations().cancel(2);
        await(node, 2, Phase.CANCELLED);
        assertThat(status(node, 1).phase()).isEqualTo(Phase.VERIFYING);
      } finally {
        hang.release();
      }
      await(node, 1, Phase.DONE);
    }
  }

  @Test
  void aComparisonThatHangsDoesNotOutliveTheNode() throws Exception {
    Hang hang;
    Thread run;
    TestNode node = open();
    try (node) {
      hang = hangWhenCompared(node, main);
      List<Thread> before = runs();
      node.buffer.migrations().start(request("notes"));
      run = runs().stream().filter(thread -> !before.contains(thread)).findFirst().orElseThrow();
      hang.awaitEntered();
    }
    try {
      run.join(TestNode.LONG.toMillis());
      assertThat(run.isAlive()).isFalse();
    } finally {
      hang.release();
    }
  }

  private static List<Thread> runs() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("larder-migration-1"))
        .toList();
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

  @ParameterizedTest
  @EnumSource(names = {"BACKFILLING", "CATCHING_UP"})
  void aTargetThatIsGivenUpIsFilledAnewWhenItWasAdopted(Phase phase) throws IOException {
    try (TestNode node = open()) {
      target.stuck = batch -> target.isFollowing(batch) == (phase == Phase.CATCHING_UP);
      node.buffer.migrations().start(request("notes"));
      await(node, 1, Phase.BACKFILLING);
      node.puts("while it is stuck");
      await(node, 1, phase);
      MirrorTestSupport.giveUp(node);
      TestNode.until(() -> status(node, 1).code().equals("MIRROR_STALE"));
      target.stuck = batch -> false;
      node.puts("while it is stale");
      node.buffer.adopt("copy");
      await(node, 1, Phase.DONE);
      node.flush();
      assertThat(copy.keys("notes")).contains("while it is stale").isEqualTo(store.keys("notes"));
    }
  }

  @Test
  void aRouteChangedWhileAComparisonHangsEndsIt() throws Exception {
    try (TestNode node = open()) {
      AtomicLong later = new AtomicLong();
      node.nanoTime = () -> System.nanoTime() + later.get();
      Hang hang = hangWhenCompared(node, main);
      try {
        node.buffer.migrations().start(request("notes"));
        hang.awaitEntered();
        main.onScan = () -> {};
        node.buffer.changeRoute(Route.of("notes", "main"));
        later.set(TimeUnit.MINUTES.toNanos(1));
        TestNode.until(() -> status(node, 1).phase().isEnd());
      } finally {
        hang.release();
      }
      assertThat(status(node, 1).phase()).isEqualTo(Phase.FAILED);
      assertThat(status(node, 1).code()).isEqualTo("ROUTE_CHANGED");
      node.buffer.migrations().start(request("notes"));
      await(node, 2, Phase.DONE);
    }
  }
}
