package org.larder.buffer.internal;

import java.util.List;
import org.larder.storage.model.Mutation;

/**
 * A run of items that follow each other in the journal.
 *
 * @param from the position before
 * @param to the position after
 * @param units what may be applied apart from each other, in order: an atomic frame, or a frame's
 *     items
 * @param schemaChanged true if a schema was recorded within
 */
record Stretch(long from, long to, List<Unit> units, boolean schemaChanged) {
  Stretch {
    units = List.copyOf(units);
  }

  /** All items, in order. */
  List<Mutation> items() {
    if (units.size() == 1) {
      return units.get(0).items();
    }
    return units.stream().flatMap(unit -> unit.items().stream()).toList();
  }

  int size() {
    return units.stream().mapToInt(unit -> unit.items().size()).sum();
  }

  /** True if the stretch can be cut in two. */
  boolean isDivisible() {
    return units.size() > 1 || (units.size() == 1 && units.get(0).isDivisible());
  }

  /**
   * The two halves of a divisible stretch: between frames while there are several, inside one
   * otherwise.
   */
  List<Stretch> halves() {
    if (units.size() > 1) {
      int middle = units.size() / 2;
      long border = units.get(middle).from();
      return List.of(
          new Stretch(from, border, units.subList(0, middle), schemaChanged),
          new Stretch(border, to, units.subList(middle, units.size()), false));
    }
    Unit unit = units.get(0);
    int middle = unit.items().size() / 2;
    long border = unit.items().get(middle).sequence();
    return List.of(
        new Stretch(from, border, List.of(unit.part(0, middle)), schemaChanged),
        new Stretch(border, to, List.of(unit.part(middle, unit.items().size())), false));
  }

  /**
   * A frame's items, or some of them.
   *
   * @param atomic true if they have to be applied together
   * @param from the sequence at which they begin
   */
  record Unit(boolean atomic, long from, List<Mutation> items) {
    Unit {
      items = List.copyOf(items);
    }

    boolean isDivisible() {
      return !atomic && items.size() > 1;
    }

    Unit part(int start, int end) {
      return new Unit(atomic, items.get(start).sequence(), items.subList(start, end));
    }
  }
}
