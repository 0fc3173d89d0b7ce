package org.larder.buffer.internal;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.larder.buffer.DeadLetter;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.WriteResult;

/**
 * What becomes of dead letters that are offered once more, as mutations at the places of their
 * replay: one that is refused again keeps the later ones of its key back. For the follower's
 * thread.
 */
final class SecondChance implements Refusals {
  /** After so many refusals the rest is not tried. */
  private static final int MOST_REFUSALS = 100;

  private final Map<Long, DeadLetter> offered;
  private final Clock clock;
  private final Set<String> stuck = new HashSet<>();
  private final Map<LetterId, DeadLetter> refused = new TreeMap<>();

  /**
   * For one replay.
   *
   * @param offered the letters by the sequences that they are offered at
   */
  SecondChance(Map<Long, DeadLetter> offered, Clock clock) {
    this.offered = offered;
    this.clock = clock;
  }

  @Override
  public Stretch living(Stretch part) {
    if (refused.size() >= MOST_REFUSALS) {
      return part.only(item -> false);
    }
    return stuck.isEmpty() ? part : part.only(item -> !stuck.contains(name(item)));
  }

  @Override
  public void refused(List<Mutation> items, WriteResult.Refused why) {
    for (Mutation item : items) {
      DeadLetter letter = offered.get(item.sequence());
      stuck.add(name(item));
      refused.put(
          LetterId.of(letter),
          new DeadLetter(
              letter.follower(),
              letter.sequence(),
              letter.kind(),
              letter.row(),
              why.code(),
              why.reason(),
              clock.instant()));
    }
  }

  @Override
  public void committed() {
    // The listener says what was in the part.
  }

  /** The letters that the items of a part are. */
  List<DeadLetter> letters(Stretch part) {
    return part.items().stream().map(item -> offered.get(item.sequence())).toList();
  }

  /** The letters that were refused again, with the new reasons, oldest first. */
  List<DeadLetter> refused() {
    return List.copyOf(refused.values());
  }

  private static String name(Mutation item) {
    return item.collection() + '/' + item.key();
  }
}
