package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Row;

/** Times and identifiers never go back. */
class NodeClockTest {
  private final SettableClock clock = new SettableClock("2026-05-01T10:00:00Z");
  private final NodeClock node = new NodeClock(clock, 5);

  @Test
  void timeDoesNotGoBackWithTheClock() {
    long first = node.nowMicros();
    assertThat(first).isEqualTo(Row.micros(clock.instant()));
    clock.move(Duration.ofHours(-1));
    assertThat(node.nowMicros()).isEqualTo(first);
    clock.move(Duration.ofHours(2));
    assertThat(node.nowMicros()).isGreaterThan(first);
  }

  @Test
  void identifiersGrowAlsoWhenTheClockIsSetBack() {
    long last = 0;
    for (int i = 0; i < 2_000; i++) {
      if (i % 100 == 50) {
        clock.move(Duration.ofMinutes(-1));
      }
      long id = node.nextId();
      assertThat(id).isGreaterThan(last).isLessThan(1L << 53);
      assertThat(id & 15).isEqualTo(5);
      last = id;
    }
  }

  @Test
  void identifiersFitUntilTheEndOfTheirEpoch() {
    SettableClock late = new SettableClock("2089-09-01T00:00:00Z");
    assertThat(new NodeClock(late, 15).nextId()).isPositive().isLessThan(1L << 53);
  }

  @Test
  void identifiersOfOtherNodesAreOthers() {
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < 16; i++) {
      assertThat(ids.add(new NodeClock(clock, i).nextId())).isTrue();
    }
  }

  @Test
  void identifiersAreUniqueAmongThreads() {
    Set<Long> ids = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 20_000).parallel().forEach(i -> ids.add(node.nextId()));
    assertThat(ids).hasSize(20_000);
  }
}
