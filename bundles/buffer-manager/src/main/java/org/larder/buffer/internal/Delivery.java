package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.larder.journal.Journal;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;

/**
 * Writes one stretch into a backend. Items that the backend refuses are found and left out; {@link
 * Refusals} say what becomes of them. For the follower's thread.
 */
final class Delivery {
  private final String follower;
  private final Journal journal;
  private final Function<String, CollectionSchema> schemas;
  private final DeadLetterLog deadLetters;
  private final Clock clock;
  private final Inserts inserts;

  Delivery(
      String follower,
      Journal journal,
      Function<String, CollectionSchema> schemas,
      DeadLetterLog deadLetters,
      Inserts inserts,
      Clock clock) {
    this.follower = follower;
    this.journal = journal;
    this.schemas = schemas;
    this.deadLetters = deadLetters;
    this.clock = clock;
    this.inserts = inserts;
  }

  /** Told of each part of a stretch that is in the backend. */
  interface Listener {
    /** All up to here is in, the last part with so many mutations after folding. */
    void committed(long from, long to, int mutations);
  }

  /** Writes a stretch, in parts if need be; what is refused becomes dead letters. */
  void deliver(BackendHandle backend, Stretch stretch, Duration timeout, Listener listener)
      throws InterruptedException, IOException {
    Burial burial = new Burial(follower, deadLetters, clock, stretch.size());
    deliver(backend, stretch, timeout, listener, burial);
  }

  /**
   * Writes a stretch, in parts if need be.
   *
   * @throws StorageException as the backend said; the parts that the listener was told of are in
   */
  void deliver(
      BackendHandle backend,
      Stretch stretch,
      Duration timeout,
      Listener listener,
      Refusals refusals)
      throws InterruptedException, IOException {
    new Attempt(backend, stretch, timeout, listener, refusals).run();
  }

  /** One stretch being written: the parts that are left. */
  private final class Attempt {
    private final BackendHandle backend;
    private final Duration timeout;
    private final Listener listener;
    private final Deque<Stretch> parts = new ArrayDeque<>();
    private final Refusals refusals;

    Attempt(
        BackendHandle backend,
        Stretch stretch,
        Duration timeout,
        Listener listener,
        Refusals refusals) {
      this.backend = backend;
      this.refusals = refusals;
      this.timeout = timeout;
      this.listener = listener;
      parts.add(stretch);
    }

    void run() throws InterruptedException, IOException {
      while (!parts.isEmpty()) {
        Stretch part = refusals.living(parts.poll());
        if (part.units().isEmpty() && !parts.isEmpty()) {
          parts.addFirst(parts.poll().reachingBackTo(part.from()));
        } else {
          write(part);
        }
      }
    }

    private void write(Stretch part) throws InterruptedException, IOException {
      List<Mutation> items = inserts.resolve(backend, part.items(), schemas, timeout);
      List<Batch.Changes> changes = Folding.fold(items, schemas);
      Batch batch =
          new Batch(
              follower, 0, journal.id(), journal.epoch(), part.from(), part.to(), changes, timeout);
      WriteResult result = backend.call(timeout, store -> store.write(batch));
      if (result instanceof WriteResult.Refused refused) {
        refused(part, changes, refused);
      } else {
        listener.committed(part.from(), part.to(), batch.size());
        refusals.committed();
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
        refusals.refused(
            last.atomic() ? last.items() : last.items().stream().filter(isMeant).toList(), refused);
        parts.addFirst(part);
      }
    }

    private void push(List<Stretch> halves) {
      parts.addFirst(halves.get(1));
      parts.addFirst(halves.get(0));
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
