package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.buffer.internal.MigrationFixture.await;
import static org.larder.buffer.internal.MigrationFixture.request;
import static org.larder.buffer.internal.MigrationFixture.status;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.larder.buffer.Answer;
import org.larder.buffer.Consistency;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/**
 * A node that dies where a migration changes its route goes on when it is started again: with the
 * phase noted and the file of routes not yet written, and with the file written and nothing told.
 */
@Timeout(120)
class MigrationCrashTest {
  private static final int RECORDS = 60;

  @TempDir Path data;
  @TempDir Path crashed;
  private final FakeStore store = new FakeStore();
  private final FakeStore copy = new FakeStore();

  /** The changes that a migration makes, there and back, in their order. */
  private enum Change {
    MIRROR(0, Phase.PREPARED),
    SWAP(1, Phase.CUT_OVER),
    SWAP_BACK(2, Phase.ROLLING_BACK),
    RESTORE(3, Phase.ROLLING_BACK);

    private final int earlier;
    private final Phase phase;

    Change(int earlier, Phase phase) {
      this.earlier = earlier;
      this.phase = phase;
    }

    private boolean goesBack() {
      return phase == Phase.ROLLING_BACK;
    }
  }

  /** Takes what a crash would leave at one change of the routes, and lets the node go on. */
  private final class Crash implements RouteKeeper {
    private final TestNode node;
    private final RouteFile file;
    private final Change change;
    private final boolean written;
    private int changes;
    private volatile Phase phase;
    private FakeStore storeThen;
    private FakeStore copyThen;

    Crash(TestNode node, Change change, boolean written) {
      this.node = node;
      this.change = change;
      this.written = written;
      file = MigrationFixture.routesOf(data);
    }

    @Override
    public void write(RouteTable table) throws IOException {
      boolean here = changes == change.earlier;
      changes++;
      if (here && !written) {
        crash();
      }
      file.write(table);
      if (here && written) {
        crash();
      }
    }

    private void crash() throws IOException {
      node.copyDataTo(crashed);
      storeThen = store.copy();
      copyThen = copy.copy();
      phase = status(node, 1).phase();
    }

    @Override
    public boolean says(RouteTable table) throws IOException {
      return file.says(table);
    }
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void aCrashBeforeTheFileOfRoutesIsWrittenIsGotOver(Change change) throws IOException {
    goesOnAfter(change, false);
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void aCrashBehindTheFileOfRoutesIsGotOver(Change change) throws IOException {
    goesOnAfter(change, true);
  }

  @Test
  void theRouteOfAMigrationThatGoesOnAtTheStartIsInTheFile() throws IOException {
    try (TestNode node =
        MigrationFixture.open(
            data, new MigratingFake("main", store), new MigratingFake("copy", copy))) {
      node.puts("a");
      node.flush();
      node.keeper =
          new RouteKeeper() {
            @Override
            public void write(RouteTable table) throws IOException {
              throw new IOException("as told");
            }

            @Override
            public boolean says(RouteTable table) {
              return false;
            }
          };
      node.buffer.migrations().start(request("notes"));
      TestNode.until(() -> status(node, 1).code().equals("NODE_DISK_FAILED"));
      assertThat(status(node, 1).phase()).isEqualTo(Phase.PREPARED);
    }
    try (TestNode node =
        MigrationFixture.open(
            data, new MigratingFake("main", store), new MigratingFake("copy", copy))) {
      await(node, 1, Phase.DONE);
    }
    assertThat(data.resolve(MigrationFixture.ROUTES))
        .content()
        .contains("route.notes = copy, main");
  }

  private void goesOnAfter(Change change, boolean written) throws IOException {
    Crash crash;
    try (TestNode node =
        MigrationFixture.open(
            data, new MigratingFake("main", store), new MigratingFake("copy", copy))) {
      for (int i = 0; i < RECORDS; i++) {
        node.put("k" + i, i);
      }
      node.flush();
      crash = new Crash(node, change, written);
      node.keeper = crash;
      node.buffer.migrations().start(request("notes"));
      await(node, 1, Phase.DONE);
      if (change.goesBack()) {
        // What reached the new primary alone would be missed.
        node.write(Mutation.Kind.DELETE, "k0", row -> {});
        node.put("k1", 100);
        node.flush();
        TestNode.until(() -> store.keys("notes").size() == RECORDS - 1);
        node.buffer.migrations().rollBack(1);
        await(node, 1, Phase.ROLLED_BACK);
      }
    }
    assertThat(crash.phase).isEqualTo(change.phase);
    try (TestNode node =
        MigrationFixture.open(
            crashed,
            new MigratingFake("main", crash.storeThen),
            new MigratingFake("copy", crash.copyThen))) {
      node.put("k2", 200);
      await(node, 1, change.goesBack() ? Phase.ROLLED_BACK : Phase.DONE);
      node.flush();
      assertRecords(node, change);
      assertRoutes(node, change);
    }
  }

  private static void assertRecords(TestNode node, Change change) {
    String primary = change.goesBack() ? "main" : "copy";
    for (int i = 0; i < RECORDS; i++) {
      Answer<Optional<Row>> answer = node.buffer.reader().get("notes", "k" + i, Consistency.STORED);
      assertThat(answer.source()).isEqualTo(primary);
      Optional<Long> expected = Optional.of(i == 2 ? 200L : i);
      if (change.goesBack() && i < 2) {
        expected = i == 0 ? Optional.empty() : Optional.of(100L);
      }
      assertThat(answer.value().map(TestNode::n)).as("k" + i).isEqualTo(expected);
    }
  }

  private static void assertRoutes(TestNode node, Change change) {
    Route all = Route.of(Route.ALL, "main");
    Route swapped = new Route("notes", "copy", List.of("main"), Optional.empty());
    assertThat(node.buffer.routes().stream().map(route -> route.route()))
        .containsExactlyElementsOf(change.goesBack() ? List.of(all) : List.of(all, swapped));
  }
}
