package org.larder.buffer.internal.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteTable;

@Timeout(60)
class MigrationRateTest {
  @TempDir Path data;
  private final FakePremises premises =
      new FakePremises(RouteTable.of("main"), "main", "main", "copy");

  private Migrator begin() throws IOException {
    Path file = data.resolve("migrations");
    Ledger.open(file).begin(id -> NotesMigration.in(Phase.PREPARED, Phase.DONE, id, 20_000));
    premises.filled = false;
    Migrator migrator = Migrator.open(file, premises);
    migrator.resume();
    return migrator;
  }

  private static MigrationStatus await(Migrator migrator, Predicate<MigrationStatus> wanted) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    MigrationStatus status = migrator.find(1).orElseThrow();
    while (!wanted.test(status)) {
      assertThat(System.nanoTime()).as("time is over: %s", status).isLessThan(deadline);
      LockSupport.parkNanos(500_000);
      status = migrator.find(1).orElseThrow();
    }
    return status;
  }

  private void copies(long records, long seconds) {
    premises.copied = records;
    premises.nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void whatIsCopiedBeforeTheFirstLookCountsForTheRate() throws IOException {
    premises.onChange = () -> copies(4_000, 1);
    Migrator migrator = begin();
    try {
      MigrationStatus status = await(migrator, now -> now.copied() > 0);
      assertThat(status.perSecond()).isEqualTo(4_000);
      assertThat(status.remaining()).contains(Duration.ofSeconds(4));
    } finally {
      migrator.close();
    }
  }

  @Test
  void waitingForTheRouteDoesNotCountForTheRate() throws IOException {
    AtomicInteger tries = new AtomicInteger();
    premises.onChange =
        () -> {
          if (tries.incrementAndGet() == 1) {
            copies(0, 99);
            throw new RouteRefusedException("BACKEND_UNKNOWN", "It comes later");
          }
          copies(4_000, 1);
        };
    Migrator migrator = begin();
    try {
      MigrationStatus status = await(migrator, now -> now.copied() > 0);
      assertThat(tries).hasValue(2);
      assertThat(status.perSecond()).isEqualTo(4_000);
    } finally {
      migrator.close();
    }
  }

  @Test
  void whatWasCopiedIsToldAfterItWasCancelled() throws IOException {
    premises.onChange = () -> premises.copied = 4_000;
    Migrator migrator = begin();
    try {
      await(migrator, now -> now.copied() == 4_000);
      migrator.cancel(1);
      assertThat(await(migrator, now -> now.phase() == Phase.CANCELLED).copied()).isEqualTo(4_000);
    } finally {
      migrator.close();
    }
  }
}
