package org.larder.tck.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.larder.storage.spi.Capability;

/**
 * What the kit found out about a backend.
 *
 * @param kitVersion the kit's version
 * @param date when the run ended, or began if it did not end
 * @param java the Java that it ran on
 * @param testClass the class that named the backend
 * @param subject the backend; empty if it never opened
 * @param parts the parts of the contract, in the order of the class
 * @param troubles what went wrong outside the tests: then the verdict is {@link Verdict#FAIL}
 */
public record Report(
    String kitVersion,
    Instant date,
    String java,
    String testClass,
    Optional<Subject> subject,
    List<Part> parts,
    List<String> troubles) {
  public Report {
    parts = List.copyOf(parts);
    troubles = List.copyOf(troubles);
  }

  /** What a backend's author may say, the better first. */
  public enum Verdict {
    /** The backend keeps the contract. */
    PASS,
    /** Nothing failed, but the test class left out what the kit needs to try all of it. */
    INCOMPLETE,
    /** The backend breaks the contract, or not all of it was run. */
    FAIL
  }

  /**
   * A part of the contract.
   *
   * @param name a word or two
   * @param promise what holds if all passed
   * @param findings its tests by name
   */
  public record Part(String name, String promise, List<Finding> findings) {
    public Part {
      findings = List.copyOf(findings);
    }

    /** How many tests ended like this. */
    public long count(Outcome outcome) {
      return findings.stream().filter(finding -> finding.outcome() == outcome).count();
    }

    /** Whether any of its tests applies to the backend. */
    public boolean applies() {
      return count(Outcome.NOT_APPLICABLE) < findings.size();
    }

    /** The verdict on this part alone, by the tests that apply. */
    public Verdict verdict() {
      if (findings.isEmpty() || count(Outcome.FAILED) + count(Outcome.NOT_RUN) > 0) {
        return Verdict.FAIL;
      }
      return count(Outcome.NOT_TRIED) > 0 ? Verdict.INCOMPLETE : Verdict.PASS;
    }

    /** How many tests ended how, on one line. */
    public String summary() {
      return Report.summary(this::count);
    }

    /** How long its tests took. */
    public Duration took() {
      return findings.stream().map(Finding::took).reduce(Duration.ZERO, Duration::plus);
    }
  }

  /** How many tests of all ended like this. */
  public long count(Outcome outcome) {
    return parts.stream().mapToLong(part -> part.count(outcome)).sum();
  }

  /** The verdict. */
  public Verdict verdict() {
    if (!troubles.isEmpty()) {
      return Verdict.FAIL;
    }
    return parts.stream()
        .filter(part -> !part.findings().isEmpty())
        .map(Part::verdict)
        .max(Verdict::compareTo)
        .orElse(Verdict.FAIL);
  }

  /** The tests about a capability. */
  public List<Finding> about(Capability capability) {
    return parts.stream()
        .flatMap(part -> part.findings().stream())
        .filter(finding -> finding.proves().contains(capability))
        .toList();
  }

  /** How many tests ended how, on one line. */
  public String summary() {
    return summary(this::count);
  }

  private static String summary(ToLongFunction<Outcome> counts) {
    StringBuilder text = new StringBuilder();
    for (Outcome outcome : Outcome.values()) {
      long count = counts.applyAsLong(outcome);
      if (count > 0) {
        text.append(text.isEmpty() ? "" : " · ").append(outcome.words(count));
      }
    }
    return text.toString();
  }
}
