package org.larder.buffer.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.larder.storage.model.Row;

/**
 * The node's time and identifiers, both monotone also when the machine's clock is set back; free
 * for any thread.
 */
final class NodeClock {
  private static final long ID_EPOCH_MILLIS = Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();
  private static final int COUNTER_BITS = 8;
  private static final int NODE_BITS = 4;

  private final Clock clock;
  private final int node;
  private final AtomicLong lastMicros = new AtomicLong();

  /** Milliseconds and counter of the last identifier, without the node. */
  private final AtomicLong lastTick = new AtomicLong();

  /**
   * A clock of one node.
   *
   * @param node 0 to 15
   */
  NodeClock(Clock clock, int node) {
    this.clock = clock;
    this.node = node;
  }

  /** Microseconds since 1970, never less than before. */
  long nowMicros() {
    return lastMicros.accumulateAndGet(Row.micros(clock.instant()), Math::max);
  }

  /**
   * 41 bits of milliseconds since 2020, 8 of counter, 4 of node. When more than 256 are wanted in a
   * millisecond, the next milliseconds are used up in advance.
   */
  long nextId() {
    long now = (clock.millis() - ID_EPOCH_MILLIS) << COUNTER_BITS;
    long tick = lastTick.updateAndGet(last -> Math.max(last + 1, now));
    return (tick << NODE_BITS) | node;
  }
}
