package org.larder.buffer;

import java.util.Locale;

/** What the acknowledgement knows of one item. */
public enum Outcome {
  /** A put, merge or delete: it takes effect in its turn. */
  TAKEN,
  /** An insert whose key was free: the record is new. */
  INSERTED,
  /** An insert whose key was taken: it was not written, and changes nothing. */
  DUPLICATE,
  /**
   * An insert that nobody could tell about, because the primary is away or does not answer. It is
   * in the journal, and takes effect if the key proves to be free; the receipt will say so.
   */
  UNCHECKED;

  /** The name on the wire, in lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
