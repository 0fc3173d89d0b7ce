package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.larder.journal.Journal;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StoreState;

/**
 * Brings a follower and its store together, and refuses when they do not belong together: never a
 * silent fresh start. For the follower's thread.
 */
final class Attacher {
  private final String follower;
  private final Surroundings node;
  private final Journal journal;
  private final RouteMemory memory;
  private final ReadyCollections collections;
  private final Predicate<String> mirrored;

  /**
   * For one follower.
   *
   * @param collections which it takes, and are made ready
   * @param mirrored says which of them it gets as a mirror
   */
  Attacher(
      String follower,
      Surroundings node,
      ReadyCollections collections,
      Predicate<String> mirrored) {
    this.follower = follower;
    this.node = node;
    this.collections = collections;
    this.mirrored = mirrored;
    journal = node.journal();
    memory = node.memory();
  }

  /**
   * Attaches to the backend's store and makes every collection ready in it.
   *
   * @param adopt true takes whatever store is there: a mirror's is filled anew, unless it is its
   *     own and lacks nothing that the journal does not keep
   * @return the position from which to follow
   * @throws StorageException HALT if the store does not belong here
   */
  long attach(BackendHandle backend, boolean adopt, Duration timeout)
      throws InterruptedException, IOException {
    Optional<UUID> expected = adopt ? Optional.empty() : memory.storeOf(follower);
    StoreState state = call(backend, expected, OptionalLong.empty(), timeout);
    if (!adopt) {
      requireOfThisJournal(state.position());
    }
    // As it is now: reads may move to or from it meanwhile.
    Set<String> own = own();
    boolean another = adopt && isAnother(state);
    if (adopt && (another || isOutOfReach(state.position()))) {
      node.coverage().beginAnew(follower, mirrored);
      if (!another && isOfThisJournal(state.position())) {
        node.coverage().take(follower, own::contains);
      }
    }
    requireWhatItWasFilledWith(backend, state.position(), own, adopt, timeout);
    boolean filled = isFilled();
    long sequence = adopt || filled ? adopted(state.position()) : checked(state.position());
    if (filled) {
      sequence = Math.max(sequence, journal.retained().getOrDefault(follower, 0L));
    }
    if (adopt && !filled && !isBroughtByThisJournal(state.position())) {
      // What it has besides is in no journal of this node: who joins has to be filled with it.
      memory.rememberForeign(follower);
    }
    if (sequence != state.position().sequence() || !isOfThisJournal(state.position())) {
      state = call(backend, expected, OptionalLong.of(sequence), timeout);
    }
    if (state.lifecycle() != StoreState.Lifecycle.LIVE) {
      throw new StorageException(HALT, "STORE_SEEDING", "The store was never filled to its end");
    }
    collections.forget();
    collections.prepare(backend, List.of(), timeout);
    if (filled && !adopt && expected.isEmpty()) {
      requireEmpty(backend, timeout);
    }
    if (another) {
      // Where it has something, that may be in no other store: that is never filled by itself.
      Set<String> empty = collections.empty(backend, own::contains, timeout);
      node.coverage().take(follower, empty::contains);
    }
    if (adopt) {
      node.coverage()
          .fillTaken(
              place -> place.follower().equals(follower) && mirrored.test(place.collection()));
    }
    // Remembered only once a loss of power cannot undo it: else the store would be missed then.
    backend.call(timeout, store -> store.sync(follower, 0));
    memory.remember(follower, state.storeId());
    return sequence;
  }

  private boolean isAnother(StoreState state) {
    return !memory.storeOf(follower).equals(Optional.of(state.storeId()));
  }

  /** The collections that this follower is the primary of. */
  private Set<String> own() {
    return node.catalogue().newest().stream()
        .map(CollectionSchema::name)
        .filter(name -> collections.takes(name) && !mirrored.test(name))
        .collect(Collectors.toSet());
  }

  /** True if the journal alone does not bring such a store to where it has to be. */
  private boolean isOutOfReach(Position position) {
    return !isBroughtByThisJournal(position) || position.sequence() < journal.start(0);
  }

  /** An older copy of a store lacks ranges that it was filled with, and no journal has them. */
  private void requireWhatItWasFilledWith(
      BackendHandle backend, Position position, Set<String> own, boolean adopt, Duration timeout)
      throws InterruptedException, IOException {
    Coverage coverage = node.coverage();
    long last = coverage.lastRange(follower);
    long found = last == 0 ? 0 : rangesOf(backend, timeout);
    long kept = journal.retained().getOrDefault(follower, 0L);
    if (found < last || (isFilled() && position.sequence() < kept)) {
      coverage.beginAnew(follower, mirrored);
    }
    if (coverage.lastRange(follower) <= found) {
      return;
    }
    if (!adopt) {
      throw new StorageException(
          HALT,
          "JOURNAL_GAP",
          "The store is older than what it was filled with, which no journal keeps" + remedy());
    }
    coverage.take(follower, own::contains);
    coverage.forgetRanges(follower);
  }

  /** The number of the last range that the store was filled with. */
  private long rangesOf(BackendHandle backend, Duration timeout) throws InterruptedException {
    Attachment ranges =
        new Attachment(
            SeedWriter.NAME,
            0,
            journal.id(),
            journal.epoch(),
            Optional.empty(),
            OptionalLong.empty());
    Position position = backend.call(timeout, store -> store.attach(ranges)).position();
    return isOfThisJournal(position) ? position.sequence() : 0;
  }

  /** True if nothing that the store has counts: all that is led to it is copied from elsewhere. */
  private boolean isFilled() {
    return !has(Coverage.Extent.FULL)
        && !has(Coverage.Extent.TAKEN)
        && !has(Coverage.Extent.CATCHING_UP)
        && has(Coverage.Extent.SEEDING);
  }

  private boolean has(Coverage.Extent extent) {
    return node.coverage().in(extent, follower).stream().anyMatch(collections::takes);
  }

  /** What is copied takes the place of what is there: it must not be another's. */
  private void requireEmpty(BackendHandle backend, Duration timeout) throws InterruptedException {
    Set<String> full = collections.names();
    full.removeAll(collections.empty(backend, name -> true, timeout));
    if (!full.isEmpty()) {
      throw new StorageException(
          HALT,
          "STORE_NOT_EMPTY",
          "The store has records of "
              + String.join(", ", full)
              + " already, which a copy of the primary would replace; empty it, or allow it"
              + " with: larder:adopt "
              + follower);
    }
  }

  private StoreState call(
      BackendHandle backend, Optional<UUID> expected, OptionalLong startAt, Duration timeout)
      throws InterruptedException {
    Attachment attachment =
        new Attachment(follower, 0, journal.id(), journal.epoch(), expected, startAt);
    return backend.call(timeout, store -> store.attach(attachment));
  }

  /**
   * No store of this journal stands further than this. The journal's end would not do: it moves on
   * while a store that is ahead of it is away, over restarts as well.
   */
  long furthest() {
    return memory.boundOf(follower).orElse(Math.max(node.openingEnd(), memory.reachOf(follower)));
  }

  private boolean isOfThisJournal(Position position) {
    return position.journal().equals(journal.id());
  }

  private boolean isBroughtByThisJournal(Position position) {
    return isOfThisJournal(position) && position.sequence() <= furthest();
  }

  /** Beyond what this journal can have brought, it was another line of it. */
  private long adopted(Position position) {
    return isOfThisJournal(position)
        ? Math.max(Math.min(position.sequence(), furthest()), journal.start(0))
        : journal.start(0);
  }

  private void requireOfThisJournal(Position position) {
    if (!isOfThisJournal(position)) {
      throw new StorageException(
          HALT, "DIFFERENT_JOURNAL", "The store has followed another node's journal" + remedy());
    }
  }

  private String remedy() {
    return "; put the right store back, or take this one with: larder:adopt " + follower;
  }

  private long checked(Position position) {
    if (position.sequence() < journal.start(0)) {
      throw new StorageException(
          HALT,
          "JOURNAL_GAP",
          "The store stands at "
              + position.sequence()
              + ", but the journal begins at "
              + journal.start(0)
              + ": the store is older than what is kept"
              + remedy());
    }
    if (position.sequence() > furthest()) {
      throw new StorageException(
          HALT,
          "JOURNAL_BEHIND",
          "The store stands at "
              + position.sequence()
              + ", but the journal cannot have brought it further than "
              + furthest()
              + ": the journal is older than the store"
              + remedy());
    }
    return position.sequence();
  }
}
