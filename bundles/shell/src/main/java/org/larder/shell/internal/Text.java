package org.larder.shell.internal;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.IntStream;

/** How values look in the shell. */
final class Text {
  private static final String ELLIPSIS = "…";

  /** First and last code points of the ranges that terminals draw two columns wide. */
  private static final int[] WIDE = {
    0x1100, 0x115f, 0x2e80, 0xa4cf, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe30, 0xfe6f, 0xff00, 0xff60,
    0x1f300, 0x1faff, 0x20000, 0x3fffd
  };

  private Text() {}

  /** Columns that a terminal gives to a text: two for wide characters, none for marks. */
  static int width(String text) {
    return text.codePoints().map(Text::width).sum();
  }

  private static int width(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    boolean wide =
        IntStream.range(0, WIDE.length / 2)
            .anyMatch(i -> codePoint >= WIDE[2 * i] && codePoint <= WIDE[2 * i + 1]);
    return wide ? 2 : 1;
  }

  /** The text, or as much of its beginning as fits, with a sign that there is more. */
  static String cut(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    int used = width(ELLIPSIS);
    for (int codePoint : text.codePoints().toArray()) {
      used += width(codePoint);
      if (used > columns) {
        break;
      }
      kept.appendCodePoint(codePoint);
    }
    return kept + ELLIPSIS;
  }

  /** Control characters, which could also steer the terminal, become spaces. */
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return line.toString();
  }

  /** A size with one digit after the point; MB = 10^6 bytes. */
  static String bytes(long bytes) {
    if (bytes < 0) {
      return "?";
    }
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }

  /** How much of what there is: {@code 1.2 GB / 4.0 GB (30%)}. */
  static String share(long bytes, long of) {
    long percent = of <= 0 ? 0 : 100 * bytes / of;
    return bytes(bytes) + " / " + bytes(of) + " (" + percent + "%)";
  }

  /** A duration in the unit that suits it. */
  static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 120_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    long minutes = duration.toMinutes();
    if (minutes < 120) {
      return minutes + " min";
    }
    long hours = duration.toHours();
    return hours < 48 ? hours + " h" : duration.toDays() + " d";
  }

  /** A number in groups of three digits. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
