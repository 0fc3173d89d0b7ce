package org.larder.tck.report;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.larder.storage.spi.Capability;

/**
 * One test of the kit.
 *
 * @param test its name, which says what it shows
 * @param outcome how it ended
 * @param reason why, where that is not plain; else empty
 * @param took how long it ran
 * @param proves the capabilities that it is about; mostly none
 */
public record Finding(
    String test, Outcome outcome, String reason, Duration took, List<Capability> proves) {
  public Finding {
    proves = List.copyOf(proves);
  }

  /** The test's name in words: {@code emptyIsNotNull} as {@code empty is not null}. */
  public String words() {
    return test.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
