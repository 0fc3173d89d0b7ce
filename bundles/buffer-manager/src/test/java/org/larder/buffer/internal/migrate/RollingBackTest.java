package org.larder.buffer.internal.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.BufferException;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;

/** Rolling back ends, whatever is configured no more. */
@Timeout(60)
class RollingBackTest {
  private static final Route SWAPPED =
      new Route("notes", "copy", List.of("main"), Optional.empty());

  @TempDir Path data;
  private final FakePremises premises =
      new FakePremises(RouteTable.of("main").with(SWAPPED), "copy", "copy");
  private Migrator migrator;

  @BeforeEach
  void open() throws IOException {
    Path file = data.resolve("migrations");
    Ledger.open(file).begin(id -> NotesMigration.in(Phase.DONE, Phase.ROLLED_BACK, id, 0));
    migrator = Migrator.open(file, premises);
  }

  @AfterEach
  void close() {
    migrator.close();
  }

  private MigrationStatus status() {
    return migrator.find(1).orElseThrow();
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is over").isLessThan(deadline);
      LockSupport.parkNanos(500_000);
    }
  }

  private void passAbsence() {
    premises.nanos.addAndGet(RollingBack.ABSENCE.toNanos() + 1);
  }

  /** Waits until it waits. */
  private void awaitAway() {
    until(() -> status().code().equals("BACKEND_AWAY"));
  }

  private void assertEndedWithoutSource() {
    until(() -> status().phase().isEnd());
    assertThat(status().phase()).isEqualTo(Phase.FAILED);
    assertThat(status().code()).isEqualTo("BACKEND_UNKNOWN");
    assertThat(status().message()).contains("no backend main", "copy is the primary");
    assertThat(premises.routes().routeOf("notes")).isEqualTo(SWAPPED);
  }

  @Test
  void aSourceThatIsConfiguredNoMoreEndsItWithAFinding() {
    migrator.rollBack(1);
    awaitAway();
    assertThat(premises.routes().routeOf("notes")).isEqualTo(SWAPPED);
    passAbsence();
    assertEndedWithoutSource();
  }

  @Test
  void itBeginsAnewWhenTheSourceIsConfiguredAgain() {
    migrator.rollBack(1);
    awaitAway();
    passAbsence();
    assertEndedWithoutSource();
    assertThat(status().reversible()).isTrue();
    premises.present.add("main");
    migrator.rollBack(1);
    until(() -> status().phase().isEnd());
    assertThat(status().phase()).isEqualTo(Phase.ROLLED_BACK);
    assertThat(premises.routes()).isEqualTo(RouteTable.of("main"));
  }

  @Test
  void aSourceThatGoesBehindTheSwapEndsItWithTheTargetAsThePrimary() {
    migrator.rollBack(1);
    awaitAway();
    // As if it had gone a moment later: the route is changed, and reads have not moved.
    premises.route(SWAPPED.swappedTo("main"));
    passAbsence();
    assertEndedWithoutSource();
  }

  @Test
  void aSourceThatComesBackInTimeIsWaitedFor() {
    migrator.rollBack(1);
    awaitAway();
    premises.present.add("main");
    until(() -> status().phase().isEnd());
    assertThat(status().phase()).isEqualTo(Phase.ROLLED_BACK);
    assertThat(premises.routes()).isEqualTo(RouteTable.of("main"));
  }

  @Test
  void anOrderThatCannotBeNotedIsRefusedWithoutAPath() throws IOException {
    Path inTheWay = Files.createDirectory(data.resolve("migrations.new"));
    assertThatThrownBy(() -> migrator.rollBack(1))
        .isInstanceOfSatisfying(
            BufferException.class,
            failure ->
                assertThat(failure.reason()).isEqualTo(BufferException.Reason.NODE_DISK_FAILED))
        .hasMessageContaining("was not changed")
        .message()
        .doesNotContain(data.toString());
    assertThat(status().phase()).isEqualTo(Phase.DONE);
    Files.delete(inTheWay);
    assertThat(migrator.rollBack(1).phase()).isEqualTo(Phase.ROLLING_BACK);
  }
}
