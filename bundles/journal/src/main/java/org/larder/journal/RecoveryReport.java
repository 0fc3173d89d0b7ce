package org.larder.journal;

import java.util.List;

/**
 * What an opening, or a verification, found in the files.
 *
 * @param epoch the epoch that began with it; when only verified, the last one
 * @param startSequence first sequence that can be read
 * @param endSequence the sequence after the last
 * @param segments segments that hold frames
 * @param frames good frames found
 * @param bytes bytes of those segments
 * @param nanos how long it took
 * @param findings everything that was not as it should be, in the order of the journal
 */
public record RecoveryReport(
    long epoch,
    long startSequence,
    long endSequence,
    int segments,
    long frames,
    long bytes,
    long nanos,
    List<Finding> findings) {

  /** Copies the list. */
  public RecoveryReport {
    findings = List.copyOf(findings);
  }

  /** Whether nothing was amiss. */
  public boolean clean() {
    return findings.isEmpty();
  }

  /** What a finding is. */
  public enum Kind {
    /** Bytes above the last synced end: never acknowledged for sure, dropped. */
    CUT,
    /** Damage below a synced end: the bytes were copied aside, the frames in it are lost. */
    QUARANTINED,
    /** A segment that should be there is not. */
    MISSING_SEGMENT,
    /** Sequences below a synced end that no file holds any more. */
    LOST,
    /** A file beside the segments was damaged and has been made anew. */
    METADATA
  }

  /**
   * One thing that was not as it should be.
   *
   * @param kind what it is
   * @param file name of the file, without folder
   * @param fromOffset first byte of it in the file
   * @param toOffset the byte after it
   * @param fromSequence first sequence that is gone by it
   * @param toSequence the sequence after; equal to the first when none is known to be gone
   * @param sentence for a person to read
   */
  public record Finding(
      Kind kind,
      String file,
      long fromOffset,
      long toOffset,
      long fromSequence,
      long toSequence,
      String sentence) {

    /** Bytes concerned. */
    public long bytes() {
      return toOffset - fromOffset;
    }
  }
}
