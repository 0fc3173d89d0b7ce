package org.larder.buffer;

import java.util.Locale;

/** What an acknowledgement means. */
public enum Durability {
  /** The items are valid and queued; a crash may lose them. */
  MEMORY,
  /** The items are in the journal and on the disk: they survive a crash and a loss of power. */
  JOURNAL,
  /** The items are in the primary backend. */
  BACKEND;

  /** The name on the wire, in lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The level of that wire name, whatever its case.
   *
   * @throws IllegalArgumentException names the levels there are
   */
  public static Durability ofWireName(String name) {
    for (Durability level : values()) {
      if (level.name().equalsIgnoreCase(name)) {
        return level;
      }
    }
    throw new IllegalArgumentException("Durability is memory, journal or backend");
  }
}
