package org.larder.buffer.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.larder.buffer.RouteTable.Deletes;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;

/**
 * A run of items of the journal, or what is left of one.
 *
 * @param from the position before
 * @param to the position after
 * @param units what may be applied apart from each other, in order: an atomic frame, or a frame's
 *     items
 * @param schemas that were recorded within
 * @param record an operator's order; a stretch with one holds nothing else
 * @param skipped how many records there are between that go elsewhere, by collection
 * @param expiries the sequences of deletes by retention
 */
record Stretch(
    long from,
    long to,
    List<Unit> units,
    List<CollectionSchema> schemas,
    Optional<Ordered> record,
    Map<String, Long> skipped,
    Set<Long> expiries) {
  Stretch {
    units = List.copyOf(units);
    schemas = List.copyOf(schemas);
    expiries = Set.copyOf(expiries);
  }

  /** Items that nobody recorded anything between. */
  static Stretch of(long from, long to, List<Unit> units) {
    return new Stretch(from, to, units, List.of(), Optional.empty(), Map.of(), Set.of());
  }

  /** The stretch of a record, or what is left of it. */
  static Stretch of(long from, long to, Ordered record) {
    return new Stretch(from, to, List.of(), List.of(), Optional.of(record), Map.of(), Set.of());
  }

  /** True if a replay of this follower's dead letters was ordered here. */
  boolean isReplayOf(String follower) {
    return record
        .map(Ordered::what)
        .filter(what -> what instanceof LogRecord.Replay)
        .map(what -> ((LogRecord.Replay) what).follower().equals(follower))
        .orElse(false);
  }

  /** Without items: all that moves is the position. */
  Stretch empty() {
    return of(from, to, List.of());
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

  /** Without the items that are not wanted; from and to stay. */
  Stretch only(Predicate<Mutation> wanted) {
    List<Unit> left = new ArrayList<>(units.size());
    for (Unit unit : units) {
      List<Mutation> items = unit.items().stream().filter(wanted).toList();
      if (!items.isEmpty()) {
        left.add(new Unit(unit.atomic(), items));
      }
    }
    return new Stretch(from, to, left, schemas, record, skipped, expiries);
  }

  /**
   * Without the deletes that are not to be applied; that comes before anything is folded, so what
   * is left over of a key is what item by item would leave.
   *
   * @param always says in which collections all are applied
   */
  Stretch with(Deletes deletes, Predicate<String> always) {
    if (deletes == Deletes.ALL) {
      return this;
    }
    return only(
        item ->
            item.kind() != Mutation.Kind.DELETE
                || always.test(item.collection())
                || (deletes == Deletes.USER && !expiries.contains(item.sequence())));
  }

  /** The collections of which the other, a part of this, lacks items. */
  Set<String> collectionsBeyond(Stretch part) {
    if (part.size() == size()) {
      return Set.of();
    }
    Set<Long> there = part.items().stream().map(Mutation::sequence).collect(Collectors.toSet());
    return items().stream()
        .filter(item -> !there.contains(item.sequence()))
        .map(Mutation::collection)
        .collect(Collectors.toSet());
  }

  /** The same items, beginning at an earlier position. */
  Stretch reachingBackTo(long earlier) {
    return new Stretch(earlier, to, units, schemas, record, skipped, expiries);
  }

  /** True if the stretch can be cut in two that have items both. */
  boolean isDivisible() {
    return units.size() > 1 || (units.size() == 1 && units.get(0).isDivisible());
  }

  /**
   * The two halves of a divisible stretch: between frames while there are several, inside one
   * otherwise.
   */
  List<Stretch> halves() {
    if (units.size() > 1) {
      return cutAt(units.get(units.size() / 2).from());
    }
    List<Mutation> items = units.get(0).items();
    return cutAt(items.get(items.size() / 2).sequence());
  }

  /** What lies before the sequence, and the rest; it must not be inside an atomic frame. */
  List<Stretch> cutAt(long border) {
    List<Unit> before = new ArrayList<>();
    List<Unit> after = new ArrayList<>();
    for (Unit unit : units) {
      if (unit.from() >= border) {
        after.add(unit);
      } else if (unit.atomic() || unit.last() < border) {
        before.add(unit);
      } else {
        before.add(unit.only(item -> item.sequence() < border));
        after.add(unit.only(item -> item.sequence() >= border));
      }
    }
    return List.of(
        new Stretch(from, border, before, schemas, record, skipped, expiries),
        of(border, to, after));
  }

  /** What lies between two positions. */
  Stretch cutOut(long start, long end) {
    if (start <= from && end >= to) {
      return this;
    }
    List<Unit> within = only(item -> item.sequence() >= start && item.sequence() < end).units();
    return of(start, end, within);
  }

  /**
   * An order at its place.
   *
   * @param what was ordered
   * @param at the first sequence that the record takes
   */
  record Ordered(LogRecord what, long at) {}

  /**
   * A frame's items, or some of them.
   *
   * @param atomic true if they have to be applied together
   * @param items at least one
   */
  record Unit(boolean atomic, List<Mutation> items) {
    Unit {
      items = List.copyOf(items);
    }

    long from() {
      return items.get(0).sequence();
    }

    private long last() {
      return items.get(items.size() - 1).sequence();
    }

    private boolean isDivisible() {
      return !atomic && items.size() > 1;
    }

    private Unit only(Predicate<Mutation> wanted) {
      return new Unit(atomic, items.stream().filter(wanted).toList());
    }
  }
}
