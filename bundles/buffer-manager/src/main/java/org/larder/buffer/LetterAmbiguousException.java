package org.larder.buffer;

/**
 * A sequence stands for one letter, but letters of several records have it: what a store is filled
 * with has no place of its own in the journal. Nothing was done; with the key, and the collection
 * if that is not enough, it is clear which is meant.
 */
public final class LetterAmbiguousException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Says which records they are of. */
  public LetterAmbiguousException(String message) {
    super(message);
  }
}
