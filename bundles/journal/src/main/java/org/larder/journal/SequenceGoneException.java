package org.larder.journal;

import java.io.IOException;

/** A reader asked for a sequence whose segment has been deleted. */
public final class SequenceGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long wanted;
  private final long start;

  /** Names the sequence asked for and the first that is still there. */
  public SequenceGoneException(long wanted, long start) {
    super("sequence " + wanted + " is gone; the journal starts at " + start);
    this.wanted = wanted;
    this.start = start;
  }

  /** The sequence asked for. */
  public long wanted() {
    return wanted;
  }

  /** The first sequence that could be read when this was thrown. */
  public long start() {
    return start;
  }
}
