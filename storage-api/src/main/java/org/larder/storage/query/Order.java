package org.larder.storage.query;

import java.util.Objects;

/**
 * One step of an order. Null comes before every value when ascending; text compares as unsigned
 * bytes of UTF-8.
 *
 * @param field a field of an ordered type
 * @param descending greatest first
 */
public record Order(String field, boolean descending) {
  public Order {
    Objects.requireNonNull(field, "field");
  }

  /** Smallest first. */
  public static Order ascending(String field) {
    return new Order(field, false);
  }

  /** Greatest first. */
  public static Order descending(String field) {
    return new Order(field, true);
  }
}
