package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.larder.buffer.DeadLetter;
import org.larder.journal.Journal;
import org.larder.storage.model.CollectionSchema;
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
 *
 * <p>The position moves only with items that the backend took, or at the stretch's end. So when it
 * turns out that everything is refused, the letters written so far can be taken back.
 */
final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  /** So many refusals in one stretch are never taken for a fault of the whole. */
  private static final int ALWAYS_TOLERATED = 10;

  private final String follower;
  private final Journal journal;
  private final Function<String, CollectionSchema> schemas;
  private final DeadLetterLog deadLetters;
  private final Clock clock;

  Delivery(
      String follower,
      Journal journal,
      Function<String, CollectionSchema> schemas,
      DeadLetterLog deadLetters,
      Clock clock) {
    this.follower = follower;
    this.journal = journal;
    this.schemas = schemas;
    this.deadLetters = deadLetters;
    this.clock = clock;
  }

  /** Told of each part of a stretch that is in the backend. */
  interface Listener {
    /** All up to here is in, the last part with so many mutations after folding. */
    void committed(long from, long to, int mutations);
  }

  /**
   * Writes a stretch, in parts if need be.
   *
   * @throws StorageException as the backend said; the parts that the listener was told of are in
   */
  void deliver(BackendHandle backend, Stretch stretch, Duration timeout, Listener listener)
      throws InterruptedException, IOException {
    new Attempt(backend, stretch, timeout, listener).run();
  }

  /** One stretch being written: the parts that are left, and what was refused of it. */
  private final class Attempt {
    private final BackendHandle backend;
    private final int size;
    private final Duration timeout;
    private final Listener listener;
    private final Deque<Stretch> parts = new ArrayDeque<>();
    private final List<DeadLetter> fresh = new ArrayList<>();
    private long lettersEnd = deadLetters.end();
    private int refusals;

    Attempt(BackendHandle backend, Stretch stretch, Duration timeout, Listener listener) {
      this.backend = backend;
      this.size = stretch.size();
      this.timeout = timeout;
      this.listener = listener;
      parts.add(stretch);
    }

    void run() throws InterruptedException, IOException {
      while (!parts.isEmpty()) {
        Stretch part = living(parts.poll());
        if (part.units().isEmpty() && !parts.isEmpty()) {
          parts.addFirst(parts.poll().reachingBackTo(part.from()));
        } else {
          write(part);
        }
      }
    }

    private void write(Stretch part) throws InterruptedException, IOException {
      List<Mutation> items = Inserts.resolve(backend, part.items(), schemas, timeout);
      List<Batch.Changes> changes = Folding.fold(items, schemas);
      Batch batch =
          new Batch(
              follower, 0, journal.id(), journal.epoch(), part.from(), part.to(), changes, timeout);
      WriteResult result = backend.call(timeout, store -> store.write(batch));
      if (result instanceof WriteResult.Refused refused) {
        refused(part, changes, refused);
      } else {
        listener.committed(part.from(), part.to(), batch.size());
        fresh.clear();
        lettersEnd = deadLetters.end();
      }
    }

    private void refused(Stretch part, List<Batch.Changes> changes, WriteResult.Refused refused)
        throws IOException {
      if (part.units().isEmpty()) {
        throw new StorageException(
            HALT, "REFUSED_NOTHING", "The backend refuses a batch without items: " + refused);
      }
      Mutation bad = itemOf(changes, refused).orElse(null);
      if (bad == null && part.isDivisible()) {
        push(part.halves());
        return;
      }
      Predicate<Mutation> isMeant = item -> bad == null || isSameKey(item, bad);
      Stretch.Unit last = lastUnit(part, isMeant);
      long border = last.atomic() ? last.from() : lastOf(last, isMeant);
      boolean occursBefore =
          part.items().stream().anyMatch(item -> item.sequence() < border && isMeant.test(item));
      if (occursBefore) {
        // Folded into one they were refused; apart, the earlier may be good.
        push(part.cutAt(border));
      } else {
        requireTolerable(refused);
        bury(
            last.atomic() ? last.items() : last.items().stream().filter(isMeant).toList(), refused);
        parts.addFirst(part);
      }
    }

    private void push(List<Stretch> halves) {
      parts.addFirst(halves.get(1));
      parts.addFirst(halves.get(0));
    }

    private void requireTolerable(WriteResult.Refused refused) throws IOException {
      refusals++;
      if (refusals > Math.max(ALWAYS_TOLERATED, size / 2) || deadLetters.isFull()) {
        deadLetters.withdraw(lettersEnd, fresh);
        throw new StorageException(
            HALT,
            "TOO_MANY_REFUSED",
            "The backend refuses too much for it to be single bad records; the last: "
                + refused.code()
                + " "
                + refused.reason());
      }
    }

    private void bury(List<Mutation> items, WriteResult.Refused refused) throws IOException {
      addLetters(items, refused.code(), refused.reason());
      LOG.warn(
          "Backend of {} refused {} item(s) of {}: {} {}; they are dead letters now",
          follower,
          items.size(),
          refused.collection(),
          refused.code(),
          refused.reason());
    }

    /**
     * The part without dead letters. What comes after a dead letter of the same key goes there too,
     * and what is atomic with it.
     */
    private Stretch living(Stretch part) throws IOException {
      if (deadLetters.size() == 0) {
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
          addLetters(
              unit.atomic() ? unit.items() : followers,
              "FOLLOWS_DEAD_LETTER",
              "An earlier mutation of the same key was refused");
        }
      }
      return part.only(item -> !deadLetters.contains(item));
    }

    private void addLetters(List<Mutation> items, String code, String reason) throws IOException {
      List<DeadLetter> letters = new ArrayList<>();
      for (Mutation item : items) {
        if (!deadLetters.contains(item)) {
          letters.add(
              new DeadLetter(
                  follower,
                  item.sequence(),
                  item.kind(),
                  item.row(),
                  code,
                  reason,
                  clock.instant()));
        }
      }
      deadLetters.add(letters);
      fresh.addAll(letters);
    }
  }

  /** The item that a refusal names; empty if it names none, or none that there is. */
  private static Optional<Mutation> itemOf(
      List<Batch.Changes> changes, WriteResult.Refused refused) {
    return changes.stream()
        .filter(change -> change.schema().name().equals(refused.collection()))
        .map(Batch.Changes::mutations)
        .filter(items -> refused.index() >= 0 && refused.index() < items.size())
        .map(items -> items.get(refused.index()))
        .findFirst();
  }

  private static boolean isSameKey(Mutation left, Mutation right) {
    return left.collection().equals(right.collection()) && left.key().equals(right.key());
  }

  private static Stretch.Unit lastUnit(Stretch part, Predicate<Mutation> isMeant) {
    return part.units().stream()
        .filter(unit -> unit.items().stream().anyMatch(isMeant))
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  private static long lastOf(Stretch.Unit unit, Predicate<Mutation> isMeant) {
    return unit.items().stream().filter(isMeant).mapToLong(Mutation::sequence).max().orElseThrow();
  }
}
