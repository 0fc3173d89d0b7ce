package org.larder.shell.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows under headings that fit a terminal of 80 columns; for one thread. */
final class Table {
  private static final int TERMINAL_COLUMNS = 80;
  private static final int LEAST_WIDTH = 8;
  private static final String GAP = "  ";

  private final List<String> headings;
  private final boolean[] rightAligned;
  private final List<List<String>> rows = new ArrayList<>();

  /** A heading that begins with {@code >} is of a column of numbers. */
  Table(String... headings) {
    this(Arrays.asList(headings));
  }

  Table(List<String> headings) {
    this.headings = headings.stream().map(h -> h.startsWith(">") ? h.substring(1) : h).toList();
    rightAligned = new boolean[headings.size()];
    for (int i = 0; i < rightAligned.length; i++) {
      rightAligned[i] = headings.get(i).startsWith(">");
    }
  }

  Table row(Object... cells) {
    return row(Arrays.stream(cells).map(String::valueOf).toList());
  }

  Table row(List<String> cells) {
    if (cells.size() != headings.size()) {
      throw new IllegalArgumentException(cells.size() + " cells under " + headings);
    }
    rows.add(cells.stream().map(Text::oneLine).toList());
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  @Override
  public String toString() {
    int[] widths = widths();
    StringBuilder out = new StringBuilder();
    append(out, headings, widths);
    rows.forEach(row -> append(out, row, widths));
    return out.toString();
  }

  /** As wide as the widest cell, and then the widest columns give way until it all fits. */
  private int[] widths() {
    int[] widths = headings.stream().mapToInt(Text::width).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], Text.width(row.get(i)));
      }
    }
    int room = TERMINAL_COLUMNS - GAP.length() * (widths.length - 1);
    while (Arrays.stream(widths).sum() > room) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        if (widths[i] > widths[widest]) {
          widest = i;
        }
      }
      if (widths[widest] <= LEAST_WIDTH) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  private void append(StringBuilder out, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = Text.cut(cells.get(i), widths[i]);
      String padding = " ".repeat(widths[i] - Text.width(cell));
      line.append(i == 0 ? "" : GAP).append(rightAligned[i] ? padding + cell : cell + padding);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }
}
