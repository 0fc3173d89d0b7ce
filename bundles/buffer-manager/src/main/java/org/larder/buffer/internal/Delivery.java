package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.larder.buffer.DeadLetter;
import org.larder.journal.Journal;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one stretch into a backend. Items that the backend refuses are found, put among the dead
 * letters, and left out; later mutations of their keys follow them there. For the follower's
 * thread.
 */
final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  /** So many refusals in one stretch are never taken for a fault of the whole. */
  private static final int ALWAYS_TOLERATED = 10;

  private final String follower;
  private final Journal journal;
  private final Catalogue catalogue;
  private final DeadLetterLog deadLetters;
  private final Clock clock;

  Delivery(
      String follower,
      Journal journal,
      Catalogue catalogue,
      DeadLetterLog deadLetters,
      Clock clock) {
    this.follower = follower;
    this.journal = journal;
    this.catalogue = catalogue;
    this.deadLetters = deadLetters;
    this.clock = clock;
  }

  /** Told of each part of a stretch that is in the backend. */
  interface Listener {
    /** The part is in, with so many mutations after folding. */
    void committed(Stretch part, int mutations);
  }

  /**
   * Writes a stretch, in parts if need be.
   *
   * @throws StorageException as the backend said; the parts that the listener was told of are in
   */
  void deliver(BackendHandle backend, Stretch stretch, Duration timeout, Listener listener)
      throws InterruptedException, IOException {
    Deque<Stretch> parts = new ArrayDeque<>();
    parts.add(stretch);
    int refusals = 0;
    while (!parts.isEmpty()) {
      Stretch part = parts.peek();
      followDeadLetters(part);
      List<Batch.Changes> changes =
          Folding.fold(part.items(), catalogue, item -> !deadLetters.contains(item));
      Batch batch =
          new Batch(
              follower, 0, journal.id(), journal.epoch(), part.from(), part.to(), changes, timeout);
      WriteResult result = backend.call(timeout, store -> store.write(batch));
      if (result instanceof WriteResult.Refused refused) {
        parts.poll();
        if (refused.index() == WriteResult.Refused.UNKNOWN_INDEX && part.isDivisible()) {
          List<Stretch> halves = part.halves();
          parts.addFirst(halves.get(1));
          parts.addFirst(halves.get(0));
        } else {
          requireTolerable(++refusals, stretch.size(), refused);
          bury(part, changes, refused);
          parts.addFirst(part);
        }
      } else {
        parts.poll();
        listener.committed(part, batch.size());
      }
    }
  }

  /** What comes after a dead letter of the same key goes there too, and what is atomic with it. */
  private void followDeadLetters(Stretch part) throws IOException {
    if (deadLetters.keyCount() == 0) {
      return;
    }
    for (Stretch.Unit unit : part.units()) {
      List<Mutation> followers =
          unit.items().stream()
              .filter(item -> deadLetters.holds(item) && !deadLetters.contains(item))
              .toList();
      if (!followers.isEmpty()) {
        addLetters(
            unit.atomic() ? unit.items() : followers,
            "FOLLOWS_DEAD_LETTER",
            "An earlier mutation of the same key was refused");
      }
    }
  }

  private void bury(Stretch part, List<Batch.Changes> changes, WriteResult.Refused refused)
      throws IOException {
    Predicate<Mutation> isMeant = item -> true;
    if (refused.index() != WriteResult.Refused.UNKNOWN_INDEX) {
      Mutation bad =
          changes.stream()
              .filter(change -> change.schema().name().equals(refused.collection()))
              .findFirst()
              .orElseThrow()
              .mutations()
              .get(refused.index());
      isMeant = item -> item.collection().equals(bad.collection()) && item.key().equals(bad.key());
    }
    Set<Mutation> buried = new HashSet<>();
    List<Mutation> inOrder = new ArrayList<>();
    for (Stretch.Unit unit : part.units()) {
      boolean whole = unit.atomic() && unit.items().stream().anyMatch(isMeant);
      for (Mutation item : unit.items()) {
        if ((whole || isMeant.test(item)) && !deadLetters.contains(item) && buried.add(item)) {
          inOrder.add(item);
        }
      }
    }
    addLetters(inOrder, refused.code(), refused.reason());
    LOG.warn(
        "Backend of {} refused {} item(s) of {}: {} {}; they are dead letters now",
        follower,
        inOrder.size(),
        refused.collection(),
        refused.code(),
        refused.reason());
  }

  private void addLetters(List<Mutation> items, String code, String reason) throws IOException {
    List<DeadLetter> letters = new ArrayList<>();
    for (Mutation item : items) {
      letters.add(
          new DeadLetter(
              follower, item.sequence(), item.kind(), item.row(), code, reason, clock.instant()));
    }
    deadLetters.add(letters);
  }

  private void requireTolerable(int refusals, int items, WriteResult.Refused refused) {
    boolean mostOfTheBatch = refusals > Math.max(ALWAYS_TOLERATED, items / 2);
    if (mostOfTheBatch || deadLetters.keyCount() >= DeadLetterLog.MAX_KEYS) {
      throw new StorageException(
          HALT,
          "TOO_MANY_REFUSED",
          "The backend refuses too much for it to be single bad records; the last: "
              + refused.code()
              + " "
              + refused.reason());
    }
  }
}
