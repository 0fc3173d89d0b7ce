package org.larder.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects figures in the order in which they are first named; for one thread. */
public final class Report {
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private String section = "";

  private static final class Entry {
    final String section;
    final String name;
    final String unit;
    final List<Double> values = new ArrayList<>();
    Optional<Target> target = Optional.empty();
    String note = "";

    Entry(String section, String name, String unit) {
      this.section = section;
      this.name = name;
      this.unit = unit;
    }

    Line line() {
      return new Line(section, name, unit, values, target, note);
    }
  }

  /** Says to which section what follows belongs. */
  public void begin(String title) {
    section = title;
  }

  /** Adds the value of one run. */
  public Figure add(String name, String unit, double value) {
    Entry entry =
        entries.computeIfAbsent(section + '\n' + name, key -> new Entry(section, name, unit));
    entry.values.add(value);
    return new Figure(entry);
  }

  /** Adds the number of one run. */
  public Figure count(String name, String unit, long value) {
    return add(name, unit, (double) value);
  }

  /** Notes that something went wrong that makes the whole measurement one that failed. */
  public void fail(String what) {
    failures.add(section + ": " + what);
  }

  /** What went wrong. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** All figures. */
  public List<Line> lines() {
    return entries.values().stream().map(Entry::line).toList();
  }

  /** A figure that was just added, to say more about it. */
  public static final class Figure {
    private final Entry entry;

    private Figure(Entry entry) {
      this.entry = entry;
    }

    /** What its median has to reach. */
    public Figure target(Target target) {
      entry.target = Optional.of(target);
      return this;
    }

    /** What has to be known to read it. */
    public Figure note(String note) {
      entry.note = note;
      return this;
    }
  }
}
