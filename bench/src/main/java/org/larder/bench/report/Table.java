package org.larder.bench.report;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints figures as a table for people, one section after the other. */
public final class Table {
  private static final int NAME_WIDTH = 58;
  private static final int VALUE_WIDTH = 11;
  private static final int UNIT_WIDTH = 9;

  private Table() {}

  /** Prints all lines with their medians, targets and verdicts. */
  public static void print(List<Line> lines, PrintStream out) {
    String section = "";
    for (Line line : lines) {
      if (!line.section().equals(section)) {
        section = line.section();
        out.println();
        out.println(section);
      }
      out.println(row(line));
    }
  }

  static String row(Line line) {
    String text =
        String.format(
            Locale.ROOT,
            "  %-" + NAME_WIDTH + "s %" + VALUE_WIDTH + "s %-" + UNIT_WIDTH + "s",
            line.name(),
            Target.figure(line.median()),
            line.unit());
    String verdict =
        switch (line.verdict()) {
          case MET -> "met     ";
          case MISSED -> "MISSED  ";
          case NONE -> "";
        };
    String target = line.target().map(Target::text).orElse("");
    String spread = line.values().size() > 1 ? "  [" + spread(line) + "]" : "";
    String note = line.note().isEmpty() ? "" : "  " + line.note();
    return (text + " " + verdict + target + spread + note).stripTrailing();
  }

  private static String spread(Line line) {
    return line.values().stream().map(Target::figure).collect(Collectors.joining(" "));
  }
}
