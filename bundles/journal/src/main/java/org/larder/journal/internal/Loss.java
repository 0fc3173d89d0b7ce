package org.larder.journal.internal;

/**
 * Something that is on record as gone, so that it is not reported again.
 *
 * @param cause what took it
 * @param from first sequence that is gone
 * @param to the sequence after the last; equal to the first when only bytes are damaged
 * @param segment number of the damaged segment, 0 when none is
 * @param fromOffset first damaged byte
 * @param toOffset the byte after the last
 */
record Loss(Cause cause, long from, long to, long segment, long fromOffset, long toOffset) {

  /** What took it. */
  enum Cause {
    DAMAGE,
    FAILED,
    MISSING
  }

  static Loss failed(long from, long to) {
    return new Loss(Cause.FAILED, from, to, 0, 0, 0);
  }

  boolean isAt(long number, long offset) {
    return segment == number && fromOffset == offset && toOffset > 0;
  }
}
