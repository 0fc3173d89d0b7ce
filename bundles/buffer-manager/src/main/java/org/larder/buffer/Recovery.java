package org.larder.buffer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What the last start found in the journal.
 *
 * @param at when the node started
 * @param epoch the journal's epoch that began with it
 * @param startSequence first sequence that the journal still keeps
 * @param endSequence the next sequence when it was opened
 * @param segments segments that hold frames
 * @param frames good frames found
 * @param took how long opening the journal took
 * @param replayed records that were pending for the primary when it was first met; −1 before that
 * @param findings everything that was not as it should be
 */
public record Recovery(
    Instant at,
    long epoch,
    long startSequence,
    long endSequence,
    int segments,
    long frames,
    Duration took,
    long replayed,
    List<Finding> findings) {
  public Recovery {
    findings = List.copyOf(findings);
  }

  /**
   * One thing that was not as it should be.
   *
   * @param kind {@code cut}, {@code quarantined}, {@code missing_segment}, {@code lost} or {@code
   *     metadata}
   * @param file name of the file, without folder
   * @param bytes bytes concerned
   * @param fromSequence first sequence that is gone by it
   * @param toSequence the sequence after; equal to the first when none is known to be gone
   * @param sentence for a person to read
   */
  public record Finding(
      String kind, String file, long bytes, long fromSequence, long toSequence, String sentence) {}
}
