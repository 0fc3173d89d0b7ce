package org.larder.buffer;

import java.util.Map;

/**
 * One sample for the operators' dashboards, in base units.
 *
 * @param name as Prometheus wants it: {@code larder_journal_force_seconds_total}
 * @param type whether it only ever grows
 * @param help a sentence
 * @param labels possibly none
 * @param value the sample
 */
public record Metric(
    String name, Type type, String help, Map<String, String> labels, double value) {
  public Metric {
    labels = Map.copyOf(labels);
  }

  /** Whether a sample only ever grows. */
  public enum Type {
    /** It grows until the node restarts. */
    COUNTER,
    /** It goes up and down. */
    GAUGE
  }
}
