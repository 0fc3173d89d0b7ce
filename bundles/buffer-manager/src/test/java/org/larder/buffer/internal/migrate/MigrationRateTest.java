package org.larder.buffer.internal.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Comparison;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;

@Timeout(60)
class MigrationRateTest {
  @TempDir Path data;
  private final FakePremises premises =
      new FakePremises(RouteTable.of("main"), "main", "main", "copy");

  private static MigrationRecord prepared(long id) {
    return new MigrationRecord(
        id,
        new MigrationRequest("notes", "main", "copy", MigrationRequest.End.AUTOMATIC),
        Route.of(Route.ALL, "main"),
        false,
        Phase.PREPARED,
        Phase.DONE,
        Instant.EPOCH,
        Optional.empty(),
        20_000,
        0,
        0,
        Comparison.NONE,
        "",
        "");
  }

  @Test
  void whatIsCopiedBeforeTheFirstLookCountsForTheRate() throws IOException {
    Path file = data.resolve("migrations");
    Ledger.open(file).begin(MigrationRateTest::prepared);
    premises.filled = false;
    premises.onChange =
        () -> {
          premises.copied = 4_000;
          premises.nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        };
    Migrator migrator = Migrator.open(file, premises);
    migrator.resume();
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (migrator.find(1).orElseThrow().copied() == 0) {
        assertThat(System.nanoTime()).as("time is over").isLessThan(deadline);
        LockSupport.parkNanos(500_000);
      }
      MigrationStatus status = migrator.find(1).orElseThrow();
      assertThat(status.perSecond()).isEqualTo(4_000);
      assertThat(status.remaining()).contains(Duration.ofSeconds(4));
    } finally {
      migrator.close();
    }
  }
}
