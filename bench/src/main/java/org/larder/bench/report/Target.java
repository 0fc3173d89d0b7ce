package org.larder.bench.report;

import java.util.Locale;

/**
 * What a figure has to reach.
 *
 * @param bound on which side of the limit the figure has to be
 * @param limit in the figure's own unit
 * @param text how it is shown
 */
public record Target(Bound bound, double limit, String text) {
  /** The side of a limit that is good; the limit itself is. */
  public enum Bound {
    AT_LEAST,
    AT_MOST
  }

  /** At least so much. */
  public static Target atLeast(double limit) {
    return new Target(Bound.AT_LEAST, limit, "\u2265 " + figure(limit));
  }

  /** At most so much. */
  public static Target atMost(double limit) {
    return new Target(Bound.AT_MOST, limit, "\u2264 " + figure(limit));
  }

  /** The same, shown with the rule that it comes from. */
  public Target because(String rule) {
    return new Target(bound, limit, text + " (" + rule + ")");
  }

  /** Whether the figure reaches it; no figure does when it is not a number. */
  public boolean isMetBy(double measured) {
    return bound == Bound.AT_LEAST ? measured >= limit : measured <= limit;
  }

  /** A figure with about three digits that count, thousands separated. */
  public static String figure(double value) {
    double size = Math.abs(value);
    if (size >= 100 || (value == Math.rint(value) && size >= 1)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    if (size == 0) {
      return "0";
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f", value);
  }
}
