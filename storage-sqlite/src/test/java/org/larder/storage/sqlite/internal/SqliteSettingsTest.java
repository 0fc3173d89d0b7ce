package org.larder.storage.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SqliteSettingsTest {
  private static SqliteSettings settings(int poolSize, int checkpointPages) {
    Duration minute = Duration.ofMinutes(1);
    Path file = Path.of("larder.db");
    return new SqliteSettings(
        "main", file, poolSize, 1, minute, minute, minute, 64, 64, 0, checkpointPages, 0);
  }

  @Test
  void valueOutOfRangeNamesItsKey() {
    assertThatThrownBy(() -> settings(0, 4000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pool_size has to be from 1 to 100, not 0");
  }

  @Test
  void logThatOverflowsAnIntIsRefused() {
    assertThatThrownBy(() -> settings(10, 300_000)).hasMessageContaining("checkpoint_pages");
  }
}
