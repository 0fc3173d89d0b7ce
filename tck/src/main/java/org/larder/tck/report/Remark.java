package org.larder.tck.report;

import java.util.Objects;

/**
 * What a test that did not fail says of itself, beyond that it passed.
 *
 * @param outcome {@link Outcome#REFUSED}, {@link Outcome#NOT_APPLICABLE} or {@link
 *     Outcome#NOT_TRIED}
 * @param reason a sentence
 */
public record Remark(Outcome outcome, String reason) {
  public Remark {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(reason, "reason");
  }
}
