package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteTable;
import org.larder.buffer.RouteTable.Deletes;
import org.larder.buffer.RouteTable.OnLag;

/**
 * What an operator writes about a mirror is taken as it is meant, or refused with what is valid.
 */
class RouteSettingsTest {
  @Test
  void deletesOfAMirrorAreThoseThatAreConfigured() {
    RouteTable table =
        RouteSettings.read(
            Map.of(
                "route.*", "main, one, two, three",
                "apply_deletes.one", "user",
                "apply_deletes.two", " None ",
                "on_lag.one", "block"));
    assertThat(table.mirror("one").deletes()).isEqualTo(Deletes.USER);
    assertThat(table.mirror("one").onLag()).isEqualTo(OnLag.BLOCK);
    assertThat(table.mirror("two").deletes()).isEqualTo(Deletes.NONE);
    assertThat(table.mirror("three").deletes()).isEqualTo(Deletes.ALL);
  }

  @Test
  void deletesThatThereAreNotAreRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> RouteSettings.read(Map.of("apply_deletes.one", "some")))
        .isInstanceOf(RouteRefusedException.class)
        .hasMessage("apply_deletes.one is all, user or none, not some");
  }
}
