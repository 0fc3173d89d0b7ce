package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.larder.buffer.DeadLetter;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the refused items of one stretch among the dead letters; later mutations of their keys
 * follow them there. For the follower's thread.
 *
 * <p>The position moves only with items that the backend took, or at the stretch's end. So when it
 * turns out that everything is refused, the letters written so far can be taken back.
 */
final class Burial implements Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Burial.class);

  /** So many refusals in one stretch are never taken for a fault of the whole. */
  private static final int ALWAYS_TOLERATED = 10;

  private final String follower;
  private final DeadLetterLog deadLetters;
  private final Clock clock;
  private final int size;
  private final List<DeadLetter> fresh = new ArrayList<>();
  private int refusals;

  /**
   * For one stretch.
   *
   * @param size how many items it has
   */
  Burial(String follower, DeadLetterLog deadLetters, Clock clock, int size) {
    this.follower = follower;
    this.deadLetters = deadLetters;
    this.clock = clock;
    this.size = size;
  }

  @Override
  public void refused(List<Mutation> items, WriteResult.Refused why) throws IOException {
    requireTolerable(why);
    bury(items, why.code(), why.reason());
    LOG.warn(
        "Backend of {} refused {} item(s) of {}: {} {}; they are dead letters now",
        follower,
        items.size(),
        why.collection(),
        why.code(),
        why.reason());
  }

  private void requireTolerable(WriteResult.Refused why) throws IOException {
    refusals++;
    if (refusals > Math.max(ALWAYS_TOLERATED, size / 2) || deadLetters.isFull()) {
      deadLetters.withdraw(fresh);
      throw new StorageException(
          HALT,
          "TOO_MANY_REFUSED",
          "The backend refuses too much for it to be single bad records; the last: "
              + why.code()
              + " "
              + why.reason());
    }
  }

  /**
   * The part without dead letters. What comes after a dead letter of the same key goes there too,
   * and what is atomic with it.
   */
  @Override
  public Stretch living(Stretch part) throws IOException {
    if (!deadLetters.concerns(part.from(), part.to())) {
      return part;
    }
    for (Stretch.Unit unit : part.units()) {
      List<Mutation> followers =
          unit.items().stream()
              .filter(item -> deadLetters.holds(item) && !deadLetters.contains(item))
              .toList();
      if (!followers.isEmpty()) {
        if (deadLetters.isLarge()) {
          throw new StorageException(
              HALT, "TOO_MANY_REFUSED", "The dead letters have grown beyond their bound");
        }
        bury(
            unit.atomic() ? unit.items() : followers,
            "FOLLOWS_DEAD_LETTER",
            "An earlier mutation of the same key was refused");
      }
    }
    return part.only(item -> !deadLetters.contains(item));
  }

  private void bury(List<Mutation> items, String code, String reason) throws IOException {
    List<DeadLetter> letters = new ArrayList<>();
    for (Mutation item : items) {
      if (!deadLetters.contains(item)) {
        letters.add(
            new DeadLetter(
                follower, item.sequence(), item.kind(), item.row(), code, reason, clock.instant()));
      }
    }
    deadLetters.add(letters);
    fresh.addAll(letters);
  }

  @Override
  public void committed() {
    fresh.clear();
  }
}
