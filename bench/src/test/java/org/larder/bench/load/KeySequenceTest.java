package org.larder.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeySequenceTest {
  @Test
  void numberIsFoundAgainFromItsKey() {
    for (KeySequence keys :
        List.of(KeySequence.ordered(), KeySequence.random(0), KeySequence.random(987_654_321))) {
      for (long number : new long[] {0, 1, 2, 999, 1_000, 1_234_567, 10_000_000_019L}) {
        assertThat(keys.number(keys.key(number))).isEqualTo(number);
      }
    }
  }

  @Test
  void keyOfSomebodyElseHasNoNumber() {
    KeySequence keys = KeySequence.random(5);
    assertThat(keys.number("emberfall-ja.UI.0002")).isEqualTo(-1);
    assertThat(keys.number("0".repeat(32))).isEqualTo(-1);
    assertThat(keys.number("x".repeat(32))).isEqualTo(-1);
    assertThat(KeySequence.ordered().number(keys.key(3))).isEqualTo(-1);
  }

  @Test
  void randomKeysAreDistinctAndNotInOrder() {
    KeySequence keys = KeySequence.random(5);
    List<String> all = new ArrayList<>();
    for (int number = 0; number < 10_000; number++) {
      all.add(keys.key(number));
    }
    assertThat(new HashSet<>(all)).hasSize(10_000);
    long rising = 0;
    for (int i = 1; i < all.size(); i++) {
      rising += all.get(i).compareTo(all.get(i - 1)) > 0 ? 1 : 0;
    }
    assertThat(rising).isBetween(4_700L, 5_300L);
  }

  @Test
  void orderedKeysRise() {
    KeySequence keys = KeySequence.ordered();
    assertThat(keys.key(255)).isLessThan(keys.key(256)).isLessThan(keys.key(4_096));
  }
}
