package org.larder.storage.spi;

import java.util.Objects;

/**
 * How a store is.
 *
 * @param condition in a word
 * @param detail a sentence for the operator, without secrets; empty when there is nothing to say
 * @param storedBytes what the store takes, −1 if it cannot tell
 */
public record Probe(Condition condition, String detail, long storedBytes) {
  public Probe {
    Objects.requireNonNull(condition, "condition");
    Objects.requireNonNull(detail, "detail");
  }

  /** How a store is, in a word. */
  public enum Condition {
    /** It reads and writes. */
    UP,
    /** It works, but a person should look. */
    DEGRADED,
    /** It does not work. */
    DOWN
  }
}
