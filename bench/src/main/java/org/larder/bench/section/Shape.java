package org.larder.bench.section;

import java.util.List;

/**
 * A closed loop.
 *
 * @param items in a batch
 * @param connections with one request under way each
 * @param promised whether a figure was promised for it; the others are measured for less time
 */
record Shape(int items, int connections, boolean promised) {
  /** What every node sees first. */
  static final Shape WARM_UP = new Shape(100, 8, false);

  /** All that are measured with nothing draining. */
  static final List<Shape> HELD =
      List.of(
          new Shape(1_000, 8, true),
          new Shape(100, 8, true),
          new Shape(1, 32, true),
          new Shape(1_000, 32, false),
          new Shape(100, 32, false),
          new Shape(1, 8, false));

  /** All that are measured with SQLite draining. */
  static final List<Shape> DRAINING =
      List.of(
          new Shape(1_000, 8, true),
          new Shape(100, 8, true),
          new Shape(1_000, 32, false),
          new Shape(100, 32, false),
          new Shape(1, 32, false),
          new Shape(1, 8, false));

  @Override
  public String toString() {
    return items + " x " + connections;
  }
}
