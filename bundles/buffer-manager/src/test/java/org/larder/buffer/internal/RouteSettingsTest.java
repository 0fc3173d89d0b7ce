package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  @Test
  void commentInAnyEncodingIsNoObstacleAndStays(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("larder.routes.cfg");
    String text = "# k\u00fchl\nroute.* = main\n";
    RouteTable wanted =
        RouteSettings.read(Map.of("route.*", "main, copy", "route.notes", "copy, main"));
    for (Charset encoding : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_8)) {
      Files.writeString(file, text, encoding);
      RouteFile routes = new RouteFile(file);
      assertThat(routes.says(wanted)).isFalse();
      routes.write(wanted);
      assertThat(routes.says(wanted)).isTrue();
      assertThat(Files.readString(file, encoding))
          .isEqualTo("# k\u00fchl\nroute.* = main, copy\nroute.notes = copy, main\n");
    }
  }
}
