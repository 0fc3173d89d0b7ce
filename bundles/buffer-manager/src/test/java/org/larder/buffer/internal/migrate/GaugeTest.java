package org.larder.buffer.internal.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.larder.buffer.MigrationStatus.Comparison;

class GaugeTest {
  private long nanos = 42;
  private final Gauge gauge = new Gauge(0, Comparison.NONE, () -> nanos);

  private void counts(Duration after, long now) {
    nanos += after.toNanos();
    gauge.count(now);
  }

  @Test
  void rateIsOfThisPhaseAndNotOfWhatWasThereBefore() {
    gauge.begin(1_000, 5_000);
    counts(Duration.ofSeconds(2), 2_000);
    assertThat(gauge.counted()).isEqualTo(2_000);
    assertThat(gauge.perSecond()).isEqualTo(500);
    assertThat(gauge.remaining()).contains(Duration.ofSeconds(6));
  }

  @Test
  void rateFallsWhileNothingMoves() {
    gauge.begin(0, 3_000);
    counts(Duration.ofSeconds(1), 1_000);
    counts(Duration.ofSeconds(3), 1_000);
    assertThat(gauge.perSecond()).isEqualTo(250);
    assertThat(gauge.remaining()).contains(Duration.ofSeconds(8));
  }

  @Test
  void nextPhaseBeginsAnew() {
    gauge.begin(0, 3_000);
    counts(Duration.ofSeconds(1), 3_000);
    gauge.begin(0, 4_000);
    assertThat(gauge.perSecond()).isZero();
    counts(Duration.ofSeconds(4), 400);
    assertThat(gauge.perSecond()).isEqualTo(100);
    assertThat(gauge.remaining()).contains(Duration.ofSeconds(36));
  }

  @Test
  void whatNobodyKnowsIsNotSaid() {
    gauge.begin(10, 3_000);
    assertThat(gauge.perSecond()).isZero();
    assertThat(gauge.remaining()).as("no time has passed").isEmpty();
    counts(Duration.ofSeconds(1), 10);
    assertThat(gauge.remaining()).as("nothing was copied").isEmpty();
    counts(Duration.ofSeconds(1), 3_500);
    assertThat(gauge.perSecond()).isEqualTo(1_745);
    assertThat(gauge.remaining()).as("more than was counted before").isEmpty();
  }
}
