package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HoldTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Hold hold = new Hold(nanos::get);

  @Test
  void aFollowerStandsAtItsHoldUntilItIsReleased() throws InterruptedException {
    hold.at(5, Duration.ofHours(1));
    hold.standsAt(4);
    assertThat(hold.isAt(4)).isFalse();
    hold.standsAt(5);
    assertThat(hold.await(Duration.ZERO)).isEqualTo(5);
    assertThat(hold.limit()).isEqualTo(5);
    assertThat(hold.isAt(5)).isTrue();
    hold.release();
    assertThat(hold.isAt(5)).isFalse();
    assertThat(hold.limit()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whoGoesOnWhenTheLeaseIsOverIsNotBelievedToStand() throws InterruptedException {
    hold.at(5, Duration.ofSeconds(2));
    hold.standsAt(5);
    nanos.set(1_999_999_999);
    assertThat(hold.isAt(5)).isTrue();
    nanos.set(2_000_000_000);
    assertThat(hold.isAt(5)).isFalse();
    assertThat(hold.limit()).isEqualTo(Long.MAX_VALUE);
    assertThat(hold.await(Duration.ZERO)).isEqualTo(-1);
  }

  @Test
  void whoMayHaveMoreThanItsPositionSaysIsHeldNoEarlier() throws InterruptedException {
    hold.notBelow(8);
    hold.at(5, Duration.ofHours(1));
    assertThat(hold.limit()).isEqualTo(8);
    hold.standsAt(5);
    assertThat(hold.await(Duration.ZERO)).isEqualTo(-1);
    hold.standsAt(8);
    assertThat(hold.await(Duration.ZERO)).isEqualTo(8);
    assertThat(hold.isAt(8)).isTrue();
    hold.at(9, Duration.ofHours(1));
    assertThat(hold.limit()).isEqualTo(9);
  }
}
