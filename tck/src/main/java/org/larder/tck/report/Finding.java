package org.larder.tck.report;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
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
  private static final Pattern WORDS =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[0-9]+[A-Z])");

  public Finding {
    proves = List.copyOf(proves);
  }

  /**
   * The test's name in words: {@code emptyIsNotNull} as {@code empty is not null}. A single letter
   * is a word ({@code besideAWriter}), a number is one where a word follows ({@code beyond64Bits}),
   * else part of the name before it ({@code byUtf8}).
   */
  public String words() {
    return WORDS.matcher(test).replaceAll(" ").toLowerCase(Locale.ROOT);
  }
}
