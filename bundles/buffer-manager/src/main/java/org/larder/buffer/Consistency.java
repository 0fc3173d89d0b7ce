package org.larder.buffer;

/** How much of what was acknowledged a read shows. */
public enum Consistency {
  /** What the primary backend holds. */
  STORED,
  /** That, overlaid with what is in the journal but not in the backend yet. */
  BUFFERED,
  /** What the primary backend holds after everything acknowledged before the read is in it. */
  FLUSHED;

  /**
   * The consistency of that wire name, whatever its case.
   *
   * @throws IllegalArgumentException names the choices there are
   */
  public static Consistency ofWireName(String name) {
    for (Consistency choice : values()) {
      if (choice.name().equalsIgnoreCase(name)) {
        return choice;
      }
    }
    throw new IllegalArgumentException("Consistency is stored, buffered or flushed");
  }
}
