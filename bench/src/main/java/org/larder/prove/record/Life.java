package org.larder.prove.record;

/**
 * A state in which a task may be.
 *
 * @param base the version with which it came into being
 * @param version the newest
 */
public record Life(int base, int version) {
  /** Not there: never written, or deleted. */
  public static final Life ABSENT = new Life(-1, -1);

  /** Whether there is a task. */
  public boolean isPresent() {
    return base >= 0;
  }

  /** After that version was written as well. */
  Life then(int next) {
    return isPresent() ? new Life(base, next) : new Life(next, next);
  }
}
