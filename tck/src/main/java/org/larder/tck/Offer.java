package org.larder.tck;

import java.util.Objects;

/**
 * What a test class offers for a part of the kit that needs its help. One that is {@link Missing}
 * makes the verdict incomplete; one that is {@link Declined} is in the report with its reason.
 *
 * @param <T> what is offered
 */
public sealed interface Offer<T> {
  /**
   * Here it is.
   *
   * @param value what is offered
   */
  record Made<T>(T value) implements Offer<T> {
    public Made {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * Such a store has no such thing.
   *
   * @param why a sentence for the report
   */
  record Declined<T>(String why) implements Offer<T> {
    public Declined {
      if (why.isBlank()) {
        throw new IllegalArgumentException("What is declined has a reason");
      }
    }
  }

  /** The test class does not say. */
  record Missing<T>() implements Offer<T> {}

  /** Offers it. */
  static <T> Offer<T> of(T value) {
    return new Made<>(value);
  }

  /** Says why there is no such thing, for example that the store is in memory only. */
  static <T> Offer<T> declined(String why) {
    return new Declined<>(why);
  }

  /** Says nothing. */
  static <T> Offer<T> missing() {
    return new Missing<>();
  }
}
