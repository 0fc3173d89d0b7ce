package org.larder.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProveOptionsTest {
  private static ProveOptions parse(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--dist", "somewhere"));
    return ProveOptions.parse(all);
  }

  @Test
  void everyKindHasItsOwnRounds() throws Exception {
    for (Kind kind : Kind.values()) {
      assertThat(parse(kind.toString()).rounds()).isEqualTo(kind.rounds());
    }
  }

  @Test
  void waysAreTakenInTheirOrder() throws Exception {
    assertThat(parse("swap", "--ways", "drop-in,update").ways())
        .containsExactly("drop-in", "update");
  }

  @Test
  void unknownKindWayBackendAndOptionAreRefused() {
    assertRefused("prayer");
    assertRefused("swap", "--ways", "prayer");
    assertRefused("swap", "--backend", "prayer");
    assertRefused("swap", "--prayer");
  }

  @Test
  void zeroRoundsProveNothing() {
    assertRefused("crash", "--rounds", "0");
  }

  @Test
  void missingDistributionIsSaid() {
    assertThatThrownBy(() -> ProveOptions.parse(List.of("swap"))).hasMessageContaining("--dist");
  }

  private static void assertRefused(String... arguments) {
    assertThatThrownBy(() -> parse(arguments)).isInstanceOf(ProveOptions.BadOptionException.class);
  }
}
