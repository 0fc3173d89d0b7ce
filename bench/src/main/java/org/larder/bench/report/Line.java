package org.larder.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One figure of the report, measured once or several times.
 *
 * @param section which part of the measurements it belongs to
 * @param name what was measured
 * @param unit of the values
 * @param values one a run, in order
 * @param target what the median has to reach, if anything
 * @param note what has to be known to read it; may be empty
 */
public record Line(
    String section,
    String name,
    String unit,
    List<Double> values,
    Optional<Target> target,
    String note) {

  /** Checks that something was measured. */
  public Line {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured for " + name);
    }
  }

  /** The verdict over a figure. */
  public enum Verdict {
    MET,
    MISSED,
    /** Nothing was asked of it. */
    NONE
  }

  /** The middle value; of an even number of values the mean of the two in the middle. */
  public double median() {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** Whether the median reaches the target. */
  public Verdict verdict() {
    return target
        .map(wanted -> wanted.isMetBy(median()) ? Verdict.MET : Verdict.MISSED)
        .orElse(Verdict.NONE);
  }
}
