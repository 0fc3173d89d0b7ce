package org.larder.prove;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.larder.prove.check.Findings;
import org.larder.prove.mischief.Round;

/** Prints a result for people. */
final class ResultTable {
  private final PrintStream out;

  ResultTable(PrintStream out) {
    this.out = out;
  }

  void print(Result result) {
    out.println();
    out.printf("%5s  %-54s %10s %12s%n", "round", "what", "took", "caught up");
    for (Round round : result.rounds()) {
      out.printf(
          "%5d  %-54s %10s %12s%n",
          round.number(), round.what(), seconds(round.took()), seconds(round.caughtUp()));
    }
    out.println();
    line("writes answered with 202", count(result.answers().requests()));
    line("tasks in them, new and updated", count(result.answers().items()));
    line("sessions deleted with their tasks", count(result.answers().deletions()));
    for (Map.Entry<String, Long> other : result.answers().others().entrySet()) {
      line("writes answered otherwise: " + other.getKey(), count(other.getValue()));
    }
    line("longest gap without a 202", seconds(result.answers().longestGap()));
    line("longest time to catch up", seconds(result.longestCatchUp()));
    result.figures().forEach(this::line);
    result.copies().forEach(this::print);
    result.findings().ifPresent(this::print);
    for (String why : result.unproved()) {
      out.println("NOT PROVED " + why);
    }
    for (String fault : result.faults()) {
      out.println("FAULT " + fault);
    }
    result.findings().ifPresent(out::println);
  }

  private void print(String copy, Findings findings) {
    out.println("  in " + copy + ": " + findings);
    findings.examples().forEach(example -> out.println("FAULT in " + copy + ": " + example));
  }

  private void print(Findings findings) {
    line("of the altered, there though deleted", count(findings.resurrected()));
    line("shown in a later version than acknowledged", count(findings.laterVersions()));
    line("kept only in part", count(findings.torn()));
    line("there, but never sent", count(findings.foreign()));
    List<String> examples = findings.examples();
    examples.forEach(example -> out.println("FAULT " + example));
  }

  private void line(String name, String value) {
    out.printf("  %-51s %12s%n", name, value);
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
  }
}
