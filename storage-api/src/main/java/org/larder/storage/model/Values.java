package org.larder.storage.model;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;

/**
 * The order of values outside a row, the same for every backend: null before everything, text as
 * unsigned bytes of UTF-8, false before true.
 */
public final class Values {
  private Values() {}

  /**
   * Compares two values of one {@link FieldType#javaType()}; either may be null.
   *
   * @throws IllegalArgumentException if the two are of different or of unknown types
   */
  public static int compare(Object left, Object right) {
    if (left == null || right == null) {
      return left == right ? 0 : left == null ? -1 : 1;
    }
    if (left instanceof String a && right instanceof String b) {
      return compareText(a, b);
    }
    if (left instanceof Long a && right instanceof Long b) {
      return a.compareTo(b);
    }
    if (left instanceof Instant a && right instanceof Instant b) {
      return a.compareTo(b);
    }
    if (left instanceof Double a && right instanceof Double b) {
      // −0.0 and 0.0 are one value, as in SQL
      return a < b ? -1 : a > b ? 1 : 0;
    }
    if (left instanceof BigDecimal a && right instanceof BigDecimal b) {
      return a.compareTo(b);
    }
    if (left instanceof Boolean a && right instanceof Boolean b) {
      return a.compareTo(b);
    }
    if (left instanceof byte[] a && right instanceof byte[] b) {
      return Arrays.compareUnsigned(a, b);
    }
    throw new IllegalArgumentException(
        "Cannot compare "
            + left.getClass().getSimpleName()
            + " with "
            + right.getClass().getSimpleName());
  }

  /** Compares text by code points, which is the order of its UTF-8 bytes. */
  public static int compareText(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        // Surrogates stand for code points above every other char.
        boolean high = Character.isSurrogate(a);
        return high == Character.isSurrogate(b) ? Character.compare(a, b) : high ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
