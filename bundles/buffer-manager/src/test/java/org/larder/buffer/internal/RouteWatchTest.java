package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A mirror is given up for what it alone keeps of the journal, not for another's delay. */
class RouteWatchTest {
  private static List<String> behind(long main, long copy1, long copy2) {
    return RouteWatch.furthestBehind(
        Map.of("main", main, "copy1", copy1, "copy2", copy2),
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
  void nobodyIsGivenUpForWhatThePrimaryHolds() {
    assertThat(behind(5, 5, 90_000)).isEmpty();
    assertThat(behind(6, 5, 4)).isEmpty();
    assertThat(behind(5, 90_000, 90_000)).isEmpty();
  }

  @Test
  void whereAllMayBeGivenUpNobodyIs() {
    assertThat(RouteWatch.furthestBehind(Map.of("copy", 5L), name -> true, 100_000)).isEmpty();
    assertThat(RouteWatch.furthestBehind(Map.of(), name -> true, 100_000)).isEmpty();
  }
}
