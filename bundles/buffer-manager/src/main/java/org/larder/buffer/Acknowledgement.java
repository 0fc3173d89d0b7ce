package org.larder.buffer;

import java.util.List;

/**
 * The answer to a submission.
 *
 * @param receipt opaque, to be asked about at {@link BufferControl#receipt}; empty if nothing was
 *     written
 * @param reached the durability that was reached
 * @param count how many items were written; duplicates are not
 * @param outcomes one for each item in the order in which they were added; none if nothing was
 *     inserted: then all were taken
 */
public record Acknowledgement(
    String receipt, Durability reached, int count, List<Outcome> outcomes) {
  public Acknowledgement {
    outcomes = List.copyOf(outcomes);
  }

  /** The answer to a submission without inserts. */
  public Acknowledgement(String receipt, Durability reached, int count) {
    this(receipt, reached, count, List.of());
  }
}
