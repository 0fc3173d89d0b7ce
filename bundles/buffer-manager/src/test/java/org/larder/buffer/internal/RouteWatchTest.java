package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A mirror is given up for what it alone keeps of the journal, not for another's delay. */
class RouteWatchTest {
  private static List<String> behind(long main, long copy1, long copy2) {
    return behind(main, copy1, copy2, Map.of());
  }

  private static List<String> behind(long main, long copy1, long copy2, Map<String, Long> reached) {
    return RouteWatch.furthestBehind(
        Map.of("main", main, "copy1", copy1, "copy2", copy2),
        reached,
        name -> !name.equals("main"),
        100_000);
  }

  @Test
  void oneThatIsHardlyBehindThePrimaryIsNotGivenUpWithTheLastOne() {
    assertThat(behind(90_000, 5, 89_999)).containsExactly("copy1");
    assertThat(behind(90_000, 60_000, 5)).containsExactly("copy2");
    assertThat(behind(90_000, 5, 5)).containsExactlyInAnyOrder("copy1", "copy2");
  }

  @Test
  void oneThatHasAppliedAllAndOnlyHasToSyncIsNotGivenUp() {
    assertThat(behind(90_000, 0, 0, Map.of("copy1", 95_000L, "copy2", 90_000L))).isEmpty();
    assertThat(behind(90_000, 5, 90_000, Map.of("copy1", 90_000L))).isEmpty();
  }

  @Test
  void oneThatHangsBeforeItsFirstSyncIsGivenUpAlone() {
    assertThat(behind(90_000, 0, 0, Map.of("copy1", 0L, "copy2", 95_000L)))
        .containsExactly("copy1");
    assertThat(behind(90_000, 0, 0, Map.of("copy1", 0L, "copy2", 89_000L)))
        .containsExactly("copy1");
  }

  @Test
  void oneInTroubleIsTakenByWhatItHasSynced() {
    assertThat(behind(90_000, 5, 6, Map.of("copy2", 95_000L))).containsExactly("copy1");
    assertThat(behind(90_000, 80_000, 5, Map.of("copy2", -1L))).containsExactly("copy2");
  }

  @Test
  void nobodyIsGivenUpForWhatThePrimaryHolds() {
    assertThat(behind(5, 5, 90_000)).isEmpty();
    assertThat(behind(6, 5, 4)).isEmpty();
    assertThat(behind(5, 90_000, 90_000)).isEmpty();
  }

  @Test
  void whereAllMayBeGivenUpNobodyIs() {
    assertThat(RouteWatch.furthestBehind(Map.of("copy", 5L), Map.of(), name -> true, 100_000))
        .isEmpty();
    assertThat(RouteWatch.furthestBehind(Map.of(), Map.of(), name -> true, 100_000)).isEmpty();
  }
}
