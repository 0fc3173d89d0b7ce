package org.larder.storage.sqlite.internal;

import java.nio.file.Path;
import java.time.Duration;

/** Stores that do in kilobytes what others do in megabytes. */
public final class SmallStores {
  private SmallStores() {}

  /**
   * A store whose log is brought in every so many pages, and whose writer keeps so few of them that
   * it writes to the log in the middle of a batch.
   */
  public static SqliteBackend at(Path file, int checkpointPages) {
    SqliteSettings usual = SqliteSettings.of("main", file);
    return new SqliteBackend(
        new SqliteSettings(
            usual.name(),
            file,
            2,
            0,
            usual.poolRecycle(),
            Duration.ofMillis(200),
            usual.queryTimeout(),
            64,
            256,
            0,
            checkpointPages,
            0));
  }
}
