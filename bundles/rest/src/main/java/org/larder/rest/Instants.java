package org.larder.rest;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.larder.storage.model.Row;

/** Times on the wire: ISO 8601, to the microsecond, UTC. Free for any thread. */
public final class Instants {
  private static final long MICROS_A_SECOND = 1_000_000;
  private static final long FIRST = -62_167_219_200L * MICROS_A_SECOND;
  private static final long BEYOND = 253_402_300_800L * MICROS_A_SECOND;

  private Instants() {}

  /**
   * Microseconds since 1970-01-01T00:00:00Z of any ISO 8601 time; UTC if it names no zone, midnight
   * if it is only a date. Empty if the text is no time.
   */
  public static OptionalLong parse(String text) {
    long micros = new InstantParser().parse(text.toCharArray(), 0, text.length());
    return micros == InstantParser.INVALID ? OptionalLong.empty() : OptionalLong.of(micros);
  }

  /** True if the text, a time by {@link #parse}, is only a date. */
  public static boolean isDate(String text) {
    return text.indexOf('T') < 0 && text.indexOf('t') < 0 && text.indexOf(' ') < 0;
  }

  /** {@code 2026-01-31T09:05:00.000000Z}: always six digits, so that texts sort as times do. */
  public static String format(long micros) {
    if (micros < FIRST || micros >= BEYOND) {
      return Row.instant(micros).toString();
    }
    long seconds = Math.floorDiv(micros, MICROS_A_SECOND);
    int fraction = (int) Math.floorMod(micros, MICROS_A_SECOND);
    LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
    char[] text = "0000-00-00T00:00:00.000000Z".toCharArray();
    put(text, 4, time.getYear());
    put(text, 7, time.getMonthValue());
    put(text, 10, time.getDayOfMonth());
    put(text, 13, time.getHour());
    put(text, 16, time.getMinute());
    put(text, 19, time.getSecond());
    put(text, 26, fraction);
    return new String(text);
  }

  /** The same for an instant. */
  public static String format(Instant instant) {
    return format(Row.micros(instant));
  }

  /** Writes the digits of a number so that the last one stands before the given place. */
  private static void put(char[] text, int before, int number) {
    int at = before;
    for (int rest = number; rest > 0; rest /= 10) {
      text[--at] = (char) ('0' + rest % 10);
    }
  }
}
