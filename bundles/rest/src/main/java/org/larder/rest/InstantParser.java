package org.larder.rest;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;

/**
 * Reads ISO 8601 times without allocating: calendar, week and ordinal dates, in extended or basic
 * form, with or without a time and a zone. For one thread.
 */
final class InstantParser {
  /** What {@link #parse} returns for text that is no time. */
  static final long INVALID = Long.MIN_VALUE;

  private static final long SECONDS_A_DAY = 86_400;
  private static final long MICROS_A_SECOND = 1_000_000;
  private static final int ZONE_SECONDS_MAX = 18 * 3_600;

  private char[] text;
  private int at;
  private int end;
  private boolean failed;

  /**
   * Microseconds since 1970-01-01T00:00:00Z, rounded down, or {@link #INVALID}. Without a time it
   * is midnight; without a zone it is UTC.
   */
  long parse(char[] chars, int offset, int length) {
    text = chars;
    at = offset;
    end = offset + length;
    failed = false;
    long days = date();
    if (failed) {
      return INVALID;
    }
    if (at == end) {
      return days * SECONDS_A_DAY * MICROS_A_SECOND;
    }
    char separator = text[at++];
    if (separator != 'T' && separator != 't' && separator != ' ') {
      return INVALID;
    }
    long seconds = time();
    long micros = fraction();
    seconds -= zone();
    return failed || at != end
        ? INVALID
        : (days * SECONDS_A_DAY + seconds) * MICROS_A_SECOND + micros;
  }

  /** Days since 1970-01-01. */
  private long date() {
    int start = at;
    int year = digits(4);
    boolean extended = skip('-');
    int rest = dateEnd() - at;
    if (peek('W') || rest == 3) {
      return unusualDate(start);
    }
    int month = digits(2);
    if (extended && !skip('-')) {
      failed = true;
    }
    int day = digits(2);
    if (failed || month < 1 || month > 12 || day < 1 || day > monthLength(year, month)) {
      failed = true;
      return 0;
    }
    return epochDay(year, month, day);
  }

  private int dateEnd() {
    int i = at;
    while (i < end && text[i] != 'T' && text[i] != 't' && text[i] != ' ') {
      i++;
    }
    return i;
  }

  /** Week dates and ordinal dates: rare enough for the library. */
  private long unusualDate(int start) {
    int to = dateEnd();
    String date = new String(text, start, to - start);
    at = to;
    boolean extended = date.length() > 4 && date.charAt(4) == '-';
    if (!extended && date.length() == 8) {
      date = date.substring(0, 4) + '-' + date.substring(4, 7) + '-' + date.substring(7);
    } else if (!extended && date.length() == 7) {
      date = date.substring(0, 4) + '-' + date.substring(4);
    }
    try {
      DateTimeFormatter format =
          date.indexOf('W') > 0
              ? DateTimeFormatter.ISO_WEEK_DATE
              : DateTimeFormatter.ISO_ORDINAL_DATE;
      return LocalDate.parse(date, format).toEpochDay();
    } catch (DateTimeException e) {
      failed = true;
      return 0;
    }
  }

  private long time() {
    int hour = digits(2);
    int minute = 0;
    int second = 0;
    if (at < end && (text[at] == ':' || isDigit(at))) {
      boolean extended = skip(':');
      minute = digits(2);
      if (extended ? skip(':') : isDigit(at)) {
        second = digits(2);
      }
    }
    // 60 is a leap second; 24:00 is the end of the day
    boolean endOfDay = hour == 24 && minute == 0 && second == 0;
    if ((hour > 23 && !endOfDay) || minute > 59 || second > 60) {
      failed = true;
    }
    return hour * 3_600L + minute * 60L + second;
  }

  private long fraction() {
    if (!skip('.') && !skip(',')) {
      return 0;
    }
    if (!isDigit(at)) {
      failed = true;
    }
    long micros = 0;
    for (long unit = MICROS_A_SECOND / 10; isDigit(at); unit /= 10) {
      micros += (text[at++] - '0') * unit;
    }
    return micros;
  }

  private long zone() {
    if (at == end || skip('Z') || skip('z')) {
      return 0;
    }
    char sign = text[at++];
    if (sign != '+' && sign != '-') {
      failed = true;
      return 0;
    }
    int seconds = digits(2) * 3_600;
    if (skip(':') || isDigit(at)) {
      int minutes = digits(2);
      failed |= minutes > 59;
      seconds += minutes * 60;
    }
    failed |= seconds > ZONE_SECONDS_MAX;
    return sign == '+' ? seconds : -seconds;
  }

  private int digits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      if (!isDigit(at)) {
        failed = true;
        return 0;
      }
      value = value * 10 + text[at++] - '0';
    }
    return value;
  }

  private boolean isDigit(int index) {
    return index < end && text[index] >= '0' && text[index] <= '9';
  }

  private boolean peek(char wanted) {
    return at < end && text[at] == wanted;
  }

  private boolean skip(char wanted) {
    if (peek(wanted)) {
      at++;
      return true;
    }
    return false;
  }

  private static int monthLength(int year, int month) {
    if (month == 2) {
      return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  /** Days since 1970-01-01 in the proleptic Gregorian calendar, years counted from March. */
  private static long epochDay(int year, int month, int day) {
    int shifted = month > 2 ? year : year - 1;
    int era = Math.floorDiv(shifted, 400);
    int yearOfEra = shifted - era * 400;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097L + dayOfEra - 719_468L;
  }
}
