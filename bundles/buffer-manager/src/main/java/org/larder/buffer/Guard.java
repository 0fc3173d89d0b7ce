package org.larder.buffer;

import java.util.Objects;

/**
 * What a decision holds while it is made, so that no other decision or write comes between: a
 * record, whether it is there or not, or a claim that a domain has a name for. Two claims are the
 * same if scope and name are.
 *
 * @param kind record or claim
 * @param scope the collection; or what is claimed, such as {@code active_list}
 * @param name the record's key; or the value that is claimed, such as the store
 */
public record Guard(Kind kind, String scope, String name) {
  /** What is held. */
  public enum Kind {
    /** The record of a key. */
    RECORD,
    /** Something that domains agree upon by its name. */
    CLAIM
  }

  public Guard {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(scope, "scope");
    Objects.requireNonNull(name, "name");
  }

  /** Holds the record of that key. */
  public static Guard record(String collection, String key) {
    return new Guard(Kind.RECORD, collection, key);
  }

  /**
   * Holds what domains agree upon: everybody whose writes could make a decision wrong takes the
   * same claim. Text that is compared in another way than by its bytes is folded before.
   */
  public static Guard claim(String scope, String name) {
    return new Guard(Kind.CLAIM, scope, name);
  }
}
