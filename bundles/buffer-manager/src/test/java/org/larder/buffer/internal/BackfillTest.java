package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Route;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Values;
import org.larder.storage.spi.Batch;

/** What was copied into a store once is not copied again. */
@Timeout(120)
class BackfillTest {
  private static final int RECORDS = 12_500;

  /** Where the second range of keys ends. */
  private static final String NOTED = key(7_999);

  @TempDir Path data;
  @TempDir Path crashed;
  private final FakeStore store = new FakeStore();
  private final FakeStore copy = new FakeStore();
  private final MigratingFake main = new MigratingFake("main", store);
  private final MigratingFake target = new MigratingFake("copy", copy);

  private static String key(int number) {
    return String.format(Locale.ROOT, "k%05d", number);
  }

  private static boolean isRange(MigratingFake store, Batch batch) {
    return !store.isFollowing(batch) && batch.size() > 0;
  }

  private static List<String> keysOfRanges(MigratingFake store) {
    return store.batches.stream()
        .filter(batch -> isRange(store, batch))
        .flatMap(batch -> batch.changes().stream())
        .flatMap(changes -> changes.mutations().stream())
        .map(Mutation::key)
        .toList();
  }

  private static Coverage.State noted(Path folder) throws IOException {
    return Coverage.open(folder.resolve("buffer/coverage")).of("copy", "notes").orElseThrow();
  }

  @Test
  void afterACrashItGoesOnBehindWhatWasNoted() throws IOException {
    FakeStore storeThen;
    FakeStore copyThen;
    AtomicLong nanos = new AtomicLong();
    try (TestNode node = MigrationFixture.open(data, main, target)) {
      // Each look at the clock is long after the one before: every range is noted.
      node.nanoTime = () -> nanos.addAndGet(TimeUnit.SECONDS.toNanos(6));
      node.flush();
      for (int i = 0; i < RECORDS; i++) {
        store.put(Notes.note(key(i), i));
      }
      AtomicInteger ranges = new AtomicInteger();
      target.stuck = batch -> isRange(target, batch) && ranges.incrementAndGet() > 2;
      node.buffer.migrations().start(MigrationFixture.request("notes"));
      TestNode.until(() -> ranges.get() > 2);
      MigrationFixture.await(node, 1, Phase.BACKFILLING);
      node.copyDataTo(crashed);
      storeThen = store.copy();
      copyThen = copy.copy();
    }
    assertThat(noted(crashed).afterKey()).isEqualTo(NOTED);
    assertThat(copyThen.keys("notes")).hasSize(8_000);

    MigratingFake mainAgain = new MigratingFake("main", storeThen);
    MigratingFake targetAgain = new MigratingFake("copy", copyThen);
    try (TestNode node = MigrationFixture.open(crashed, mainAgain, targetAgain)) {
      MigrationFixture.await(node, 1, Phase.DONE);
      assertThat(mainAgain.scans.get(0).afterKey()).isEqualTo(Optional.of(NOTED));
      assertThat(targetAgain.scans.get(0).afterKey()).isEqualTo(Optional.of(NOTED));
      assertThat(keysOfRanges(targetAgain))
          .hasSize(RECORDS - 8_000)
          .allMatch(key -> Values.compareText(key, NOTED) > 0);
      assertThat(copyThen.keys("notes")).hasSize(RECORDS).isEqualTo(storeThen.keys("notes"));
    }
  }

  private static List<String> numbersOfRanges(MigratingFake store) {
    return store.batches.stream()
        .filter(batch -> isRange(store, batch))
        .map(batch -> batch.from() + " to " + batch.to())
        .toList();
  }

  /** A store that knows batches by their numbers would take one for the other. */
  @Test
  void numbersThatTheStoreHasForgottenDoNotComeAgain() throws IOException {
    FakeStore storeThen;
    FakeStore copyThen;
    AtomicReference<FakeStore> kept = new AtomicReference<>();
    try (TestNode node = MigrationFixture.open(data, main, target)) {
      node.flush();
      for (int i = 0; i < RECORDS; i++) {
        store.put(Notes.note(key(i), i));
      }
      target.stuck =
          batch -> {
            if (isRange(target, batch) && kept.get() == null) {
              kept.set(copy.copy());
            }
            return isRange(target, batch) && keysOfRanges(target).size() == 8_000;
          };
      node.buffer.migrations().start(MigrationFixture.request("notes"));
      TestNode.until(() -> keysOfRanges(target).size() == 8_000);
      node.copyDataTo(crashed);
      storeThen = store.copy();
      copyThen = copy.copy();
      copyThen.positionsOf(kept.get());
    }
    MigratingFake targetAgain = new MigratingFake("copy", copyThen);
    MigratingFake mainAgain = new MigratingFake("main", storeThen);
    try (TestNode node = MigrationFixture.open(crashed, mainAgain, targetAgain)) {
      MigrationFixture.await(node, 1, Phase.DONE);
      assertThat(numbersOfRanges(targetAgain))
          .isNotEmpty()
          .doesNotContainAnyElementsOf(numbersOfRanges(target));
    }
  }

  @Test
  void aStoreThatWasEmptyIsNotReadForEachRange() throws IOException {
    try (TestNode node = MigrationFixture.open(data, main, target)) {
      node.buffer.changeRoute(new Route(Route.ALL, "main", List.of("copy"), Optional.empty()));
      node.awaitLive("copy");
      MirrorTestSupport.giveUp(node);
      for (int i = 0; i < RECORDS; i++) {
        store.put(Notes.note(key(i), i));
      }
      target.scans.clear();
      node.buffer.adopt("copy");
      node.awaitLive("copy");
      assertThat(copy.keys("notes")).hasSize(RECORDS).isEqualTo(store.keys("notes"));
      assertThat(target.scans).isNotEmpty().allMatch(scan -> scan.afterKey().isEmpty());
    }
  }
}
