package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What fails while a disk is full is tried and told of in moderation. */
class RecurrenceTest {
  private static final long BEGAN = Long.MAX_VALUE - 7;
  private final Recurrence failure = new Recurrence();

  @Test
  void aFailureIsFollowedByAPause() {
    assertThat(failure.isDue(BEGAN)).isTrue();
    failure.isNews("no space", BEGAN);
    assertThat(failure.isDue(BEGAN + Recurrence.PAUSE_NANOS - 1)).isFalse();
    assertThat(failure.isDue(BEGAN + Recurrence.PAUSE_NANOS)).isTrue();
    failure.over();
    assertThat(failure.isDue(BEGAN + 1)).isTrue();
  }

  @Test
  void theSameFailureIsToldOnceAMinute() {
    int told = 0;
    for (long at = 0; at < 2 * Recurrence.SILENCE_NANOS; at += Recurrence.PAUSE_NANOS) {
      told += failure.isNews("no space", BEGAN + at) ? 1 : 0;
    }
    assertThat(told).isEqualTo(2);
  }

  @Test
  void anotherFailureAndOneAfterASuccessAreToldAtOnce() {
    assertThat(failure.isNews("no space", BEGAN)).isTrue();
    assertThat(failure.isNews("read-only", BEGAN + 1)).isTrue();
    assertThat(failure.isNews("read-only", BEGAN + 2)).isFalse();
    failure.over();
    assertThat(failure.isNews("read-only", BEGAN + 3)).isTrue();
  }
}
