package org.larder.prove;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.larder.prove.check.Findings;
import org.larder.prove.load.Answers;
import org.larder.prove.mischief.Round;

/**
 * All that a proof has shown.
 *
 * @param rounds of mischief
 * @param figures what is worth knowing besides
 * @param findings of the comparison; empty if the proof did not come so far
 * @param copies what a comparison found in other backends that the records were led to, by name
 * @param faults what the node must not do and did
 * @param unproved why nothing is proved, if so
 */
record Result(
    ProveOptions options,
    Answers answers,
    List<Round> rounds,
    Map<String, String> figures,
    Optional<Findings> findings,
    Map<String, Findings> copies,
    List<String> faults,
    List<String> unproved) {

  Verdict verdict() {
    boolean flawless =
        Stream.concat(findings.stream(), copies.values().stream()).allMatch(Findings::isFlawless);
    if (!faults.isEmpty() || !flawless) {
      return Verdict.FAULT;
    }
    boolean compared = findings.isPresent() && findings.get().acknowledged() > 0;
    return unproved.isEmpty() && compared ? Verdict.PROVED : Verdict.NOT_PROVED;
  }

  Duration longestCatchUp() {
    return rounds.stream().map(Round::caughtUp).max(Duration::compareTo).orElse(Duration.ZERO);
  }
}
