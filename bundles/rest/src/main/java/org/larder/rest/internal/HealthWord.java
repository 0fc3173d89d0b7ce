package org.larder.rest.internal;

import org.larder.buffer.BackendStatus;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.FollowerStatus;

/** How a buffer is, in a word. */
enum HealthWord {
  /** Writes are taken and everything behind them follows. */
  HEALTHY,
  /** Writes are taken, but a backend is away or a follower waits for a person. */
  DEGRADED,
  /** Writes cannot be taken. */
  UNHEALTHY;

  static HealthWord of(BufferStatus status) {
    if (status.journal().liveBytes() >= status.journal().maxBytes()) {
      return UNHEALTHY;
    }
    boolean follows =
        !status.followers().isEmpty() && status.followers().stream().allMatch(HealthWord::follows);
    return follows && database(status).equals("up") ? HEALTHY : DEGRADED;
  }

  private static boolean follows(FollowerStatus follower) {
    return follower.state() == FollowerStatus.State.FOLLOWING
        || follower.state() == FollowerStatus.State.SEEDING;
  }

  /** The condition of the primary backend; {@code down} while there is none. */
  static String database(BufferStatus status) {
    return status.backends().stream()
        .filter(BackendStatus::primary)
        .findFirst()
        .map(BackendStatus::condition)
        .orElse("down");
  }
}
