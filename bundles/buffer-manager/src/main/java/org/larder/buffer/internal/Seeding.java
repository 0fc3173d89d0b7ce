package org.larder.buffer.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.RouteTable;
import org.larder.buffer.internal.Coverage.Extent;
import org.larder.buffer.internal.Coverage.State;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a store with what the journal does not keep any more: copies collections from their
 * primary, a range of keys at a time, between the batches of the follower. For the follower's
 * thread, save for what it tells about itself.
 *
 * <p>A range is copied from a primary that is at least as far as the follower, so what is copied is
 * never older than what is there; what it is ahead by comes to the follower later and changes
 * nothing (rule 1 of the log). The store has a position for the ranges as it has one for batches,
 * and a range that was given up is settled by it before anything else is written.
 */
final class Seeding {
  private static final Logger LOG = LoggerFactory.getLogger(Seeding.class);

  private static final long NOTE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String follower;
  private final Surroundings node;
  private final Routing routing;
  private final ReadyCollections collections;
  private final Progress progress;
  private final DeadLetterLog deadLetters;
  private final SeedSource source;
  private final SeedWriter writer;
  private final RowVersions versions;
  private volatile String collection = "";
  private final Map<String, LongAdder> rows = new ConcurrentHashMap<>();
  private volatile Filling.Obstacle obstacle = Filling.Obstacle.NONE;

  /** By collection, what was begun since the store was met and is not full yet. */
  private final Map<String, Filling> fillings = new HashMap<>();

  /** True if the writer has met the store. */
  private boolean met;

  Seeding(
      String follower,
      Surroundings node,
      Routing routing,
      ReadyCollections collections,
      Progress progress,
      DeadLetterLog deadLetters) {
    this.follower = follower;
    this.node = node;
    this.routing = routing;
    this.collections = collections;
    this.progress = progress;
    this.deadLetters = deadLetters;
    source = new SeedSource(follower, node, progress);
    writer = new SeedWriter(follower, node, deadLetters);
    versions = RowVersions.in(node.journal());
  }

  /** True if a collection is not full yet. */
  boolean isNeeded() {
    return !node.coverage().in(Extent.SEEDING, follower).isEmpty();
  }

  /** The collection under way; empty if none is. */
  String collection() {
    return collection;
  }

  /** What keeps it from going on. */
  Filling.Obstacle obstacle() {
    return obstacle;
  }

  /** Rows of a collection copied since the follower began. */
  long rows(String of) {
    LongAdder counted = rows.get(of);
    return counted == null ? 0 : counted.sum();
  }

  /** The store was met: settles a range that may have been given up in it. */
  void attached(BackendHandle backend, Duration timeout) throws InterruptedException {
    collection = "";
    fillings.clear();
    met = false;
    if (isNeeded()) {
      meet(backend, timeout);
    }
  }

  private void meet(BackendHandle backend, Duration timeout) throws InterruptedException {
    if (!met) {
      writer.attach(backend, timeout);
      met = true;
    }
  }

  /**
   * Copies the next range, if there is one and its primary can be asked. A collection that cannot
   * go on is left for the next.
   *
   * @return false if nothing was done
   */
  boolean step(BackendHandle backend, Duration timeout) throws InterruptedException, IOException {
    List<String> waiting = waiting();
    fillings.keySet().retainAll(waiting);
    source.begin();
    List<String> turn = inTurn(waiting);
    for (String next : turn) {
      Filling filling = fillings.get(next);
      if (filling == null) {
        filling = begin(next);
        fillings.put(next, filling);
      }
      collection = next;
      if (isStepDone(filling, backend, timeout)) {
        obstacle = filling.obstacle;
        return true;
      }
    }
    collection = turn.isEmpty() ? "" : turn.get(0);
    obstacle =
        waiting.stream()
            .map(name -> fillings.get(name).obstacle)
            .filter(one -> !one.code().isEmpty())
            .findFirst()
            .orElse(Filling.Obstacle.NONE);
    return false;
  }

  /** The one under way, those behind it, and those before it. */
  private List<String> inTurn(List<String> waiting) {
    List<String> turn = new ArrayList<>(waiting);
    Collections.rotate(turn, -Math.max(0, turn.indexOf(collection)));
    return turn;
  }

  /**
   * Copies the next range of one.
   *
   * @return false if nothing was done
   */
  private boolean isStepDone(Filling filling, BackendHandle backend, Duration timeout)
      throws InterruptedException, IOException {
    if (filling.afterKey == null) {
      return node.nanoTime().getAsLong() - filling.notedNanos > PAUSE_NANOS
          && finish(filling, backend, timeout);
    }
    CollectionSchema schema = ready(filling.collection, backend, timeout);
    if (schema == null) {
      return false;
    }
    Follower primary = routing.primaryOf(filling.collection);
    Optional<SeedRange> range = source.next(filling, primary, schema, timeout);
    if (range.isEmpty()) {
      return false;
    }
    meet(backend, timeout);
    copy(filling, range.get(), backend, timeout);
    if (filling.afterKey == null) {
      filling.until = primary.progress().reached();
      finish(filling, backend, timeout);
    } else if (node.nanoTime().getAsLong() - filling.notedNanos > NOTE_NANOS
        && isDurable(filling, backend, timeout)) {
      node.coverage()
          .advance(
              follower, filling.collection, State.seededTo(filling.afterKey, writer.position()));
    }
    return true;
  }

  /** The collection, for which the store may not be ready before something comes by the journal. */
  private CollectionSchema ready(String of, BackendHandle backend, Duration timeout)
      throws InterruptedException {
    if (collections.schemaOf(of) == null) {
      collections.prepare(backend, List.of(), timeout);
    }
    return collections.schemaOf(of);
  }

  /** What is to be filled, and comes to the follower as well: else it would miss what is new. */
  private List<String> waiting() {
    return node.coverage().in(Extent.SEEDING, follower).stream()
        .filter(name -> routing.leads(name, follower))
        .toList();
  }

  private Filling begin(String next) throws IOException {
    String afterKey = node.coverage().of(follower, next).map(State::afterKey).orElse("");
    if (afterKey.isEmpty() && isCopy()) {
      forgetLetters(next, key -> true);
    }
    LOG.info(
        "Follower {} is being filled with {}{}",
        follower,
        next,
        afterKey.isEmpty() ? "" : ", going on where it was");
    return new Filling(next, afterKey, node.nanoTime().getAsLong());
  }

  /** An archive keeps what it has, and what it once refused of records that are gone. */
  private boolean isCopy() {
    return routing.table().mirror(follower).deletes() == RouteTable.Deletes.ALL;
  }

  /** What is copied is newer than any of them; what is refused then is a letter again. */
  private void forgetLetters(String of, Predicate<String> copied) throws IOException {
    List<DeadLetter> old =
        deadLetters.letters().stream()
            .filter(letter -> letter.row().schema().name().equals(of))
            .filter(letter -> copied.test(letter.row().key()))
            .toList();
    if (!old.isEmpty()) {
      deadLetters.withdraw(old);
      LOG.info(
          "Dead letters of {} are void, what they are of in {} is copied anew: {}",
          follower,
          of,
          old.size());
    }
  }

  private void copy(Filling filling, SeedRange range, BackendHandle backend, Duration timeout)
      throws InterruptedException, IOException {
    CollectionSchema schema = range.schema();
    Map<String, Row> wanted = new HashMap<>();
    range.rows().forEach(row -> wanted.put(row.key(), row));
    List<Mutation> mutations = new ArrayList<>();
    boolean archive = !isCopy();
    if (!archive) {
      if (filling.afterKey.isEmpty()) {
        filling.blank = backend.call(timeout, store -> SeedRange.isNothingIn(store, schema));
      }
      // What comes into an empty store meanwhile comes by the journal, and so do deletes of it.
      List<String> gone =
          filling.blank ? List.of() : backend.call(timeout, store -> range.others(store, wanted));
      for (String key : gone) {
        mutations.add(range.deletion(key, Math.max(0, progress.reached() - 1)));
      }
    } else {
      node.coverage().noteSurplus(follower, Set.of(filling.collection), true);
    }
    for (Row row : wanted.values()) {
      mutations.add(new Mutation(Mutation.Kind.PUT, row, Math.max(0, versions.of(row))));
    }
    mutations.sort(Comparator.comparing(Mutation::row, Row::compareKey));
    if (!mutations.isEmpty()) {
      Set<String> refused = writer.write(backend, schema, mutations, timeout);
      if (archive) {
        forgetLetters(filling.collection, key -> wanted.containsKey(key) && !refused.contains(key));
      }
    }
    rows.computeIfAbsent(filling.collection, any -> new LongAdder()).add(range.rows().size());
    filling.afterKey = range.isLast() ? null : range.lastKey();
  }

  /**
   * Ends the filling of a collection.
   *
   * @return false if that has to be tried again
   */
  private boolean finish(Filling filling, BackendHandle backend, Duration timeout)
      throws InterruptedException, IOException {
    if (!isDurable(filling, backend, timeout)) {
      return false;
    }
    if (node.coverage()
        .advance(follower, filling.collection, State.fullAt(filling.until, writer.position()))) {
      LOG.info(
          "Follower {} has all of {} when it has caught up to {}",
          follower,
          filling.collection,
          filling.until);
    }
    fillings.remove(filling.collection);
    collection = "";
    return true;
  }

  /** What a loss of power may undo is not noted: nobody would fill the hole. */
  private boolean isDurable(Filling filling, BackendHandle backend, Duration timeout)
      throws InterruptedException {
    boolean durable = writer.sync(backend, timeout);
    filling.notedNanos = node.nanoTime().getAsLong();
    filling.obstacle =
        durable
            ? Filling.Obstacle.NONE
            : new Filling.Obstacle(
                "NOT_DURABLE",
                "The store does not say that a loss of power leaves what it was filled with of "
                    + filling.collection
                    + "; it is asked again each second");
    return durable;
  }
}
