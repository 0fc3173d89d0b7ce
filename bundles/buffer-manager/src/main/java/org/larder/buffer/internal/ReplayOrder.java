package org.larder.buffer.internal;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.LetterFilter;
import org.larder.storage.model.Mutation;

/**
 * A replay from its first attempt to its end: what it offers, and what of it the backend has. For
 * the follower's thread.
 */
final class ReplayOrder {
  private final long at;
  private final long end;
  private final LetterFilter filter;
  private final List<DeadLetter> taken = new ArrayList<>();
  private final Set<LetterId> idsTaken = new HashSet<>();
  private SecondChance chance;
  private Stretch offered;
  private long reached;

  /**
   * For the order in that piece of the journal.
   *
   * @param end the sequence behind it
   */
  ReplayOrder(long at, long end, LetterFilter filter) {
    this.at = at;
    this.end = end;
    this.filter = filter;
    reached = at;
  }

  long at() {
    return at;
  }

  long end() {
    return end;
  }

  LetterFilter filter() {
    return filter;
  }

  /** False if a store stands where it cannot have all that was taken, as an older copy does. */
  boolean goesOn(long ordered, long position) {
    return ordered == at && position >= reached;
  }

  /** Offers letters from a place in the order on, but for those that were taken before. */
  void offer(List<DeadLetter> letters, long from, Clock clock) {
    TreeMap<Long, DeadLetter> places = new TreeMap<>();
    for (DeadLetter letter : letters) {
      long place = from + places.size();
      if (place < end && !idsTaken.contains(LetterId.of(letter))) {
        places.put(place, letter);
      }
    }
    chance = new SecondChance(places, clock);
    List<Stretch.Unit> units = new ArrayList<>();
    for (Map.Entry<Long, DeadLetter> entry : places.entrySet()) {
      DeadLetter letter = entry.getValue();
      Mutation item = new Mutation(letter.kind(), letter.row(), entry.getKey());
      units.add(new Stretch.Unit(false, List.of(item)));
    }
    offered = Stretch.of(from, end, units);
    reached = from;
  }

  /** What is offered now, in order. */
  List<Mutation> items() {
    return offered.items();
  }

  SecondChance chance() {
    return chance;
  }

  /** All up to here is in the backend, but for what was refused. */
  void passed(long to) {
    for (DeadLetter letter : chance.letters(chance.living(offered.cutOut(reached, to)))) {
      taken.add(letter);
      idsTaken.add(LetterId.of(letter));
    }
    reached = to;
  }

  /** The letters that the backend has. */
  List<DeadLetter> taken() {
    return taken;
  }

  /** The letters that were refused again, with the new reasons, oldest first. */
  List<DeadLetter> refused() {
    return chance.refused();
  }

  /** How many letters the order is about. */
  int size() {
    int offeredNow = offered.size();
    long takenOfThem =
        chance.letters(offered).stream()
            .filter(letter -> idsTaken.contains(LetterId.of(letter)))
            .count();
    return taken.size() + offeredNow - (int) takenOfThem;
  }
}
