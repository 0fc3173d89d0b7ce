package org.larder.storage.model;

import java.util.regex.Pattern;

/** Bounds that hold for every collection and that no backend may undercut. */
public final class Limits {
  /** Items in one request. */
  public static final int REQUEST_ITEMS = 10_000;

  /** Bytes of one request's body, after decompression. */
  public static final int REQUEST_BYTES = 16 << 20;

  /** Bytes of one encoded row. */
  public static final int ITEM_BYTES = 1 << 20;

  /** Bytes of UTF-8 in one text field. */
  public static final int TEXT_BYTES = 256 << 10;

  /** Code points in a string field; a schema may declare less. */
  public static final int STRING_CODE_POINTS = 1024;

  /** Code points in a key. */
  public static final int KEY_CODE_POINTS = 255;

  /** Nesting of objects and arrays in a JSON field. */
  public static final int JSON_DEPTH = 32;

  /** Fields in a collection. */
  public static final int FIELDS = 250;

  /** Digits of a decimal: whole and fraction together. */
  public static final int DECIMAL_DIGITS = 18;

  /** Collections and fields are named like this; so a name is safe in SQL and in a path. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,59}");

  private Limits() {}

  /**
   * Returns the name if it is a valid name of a collection or field: a lower-case letter followed
   * by at most 59 lower-case letters, digits and underscores.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static String checkName(String name) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Not a valid name (lower-case letters, digits and '_', at most 60, a letter first): "
              + name);
    }
    return name;
  }
}
