package org.larder.bench.section;

import java.util.List;

/**
 * A closed loop.
 *
 * @param items in a batch
 * @param connections with one request under way each
 * @param promised whether a figure was promised for it; the others are measured once and for less
 *     time
 */
record Shape(int items, int connections, boolean promised) {
  /** What every node sees first. */
  static final Shape WARM_UP = new Shape(100, 8, false);

  /** Whole batches: the shape of every figure that names no other. */
  static final Shape FIRST = new Shape(1_000, 8, true);

  /** All that are measured with nothing draining. */
  private static final List<Shape> HELD =
      List.of(
          FIRST,
          new Shape(100, 8, true),
          new Shape(1, 32, true),
          new Shape(1_000, 32, false),
          new Shape(100, 32, false),
          new Shape(1, 8, false));

  /** All that are measured with SQLite draining. */
  private static final List<Shape> DRAINING =
      List.of(
          FIRST,
          new Shape(100, 8, true),
          new Shape(1_000, 32, false),
          new Shape(100, 32, false),
          new Shape(1, 32, false),
          new Shape(1, 8, false));

  /** What is measured with nothing draining in that run, counted from 1. */
  static List<Shape> held(int run) {
    return of(HELD, run);
  }

  /** What is measured with SQLite draining in that run, counted from 1. */
  static List<Shape> draining(int run) {
    return of(DRAINING, run);
  }

  private static List<Shape> of(List<Shape> all, int run) {
    return run == 1 ? all : all.stream().filter(Shape::promised).toList();
  }

  @Override
  public String toString() {
    return items + " x " + connections;
  }
}
