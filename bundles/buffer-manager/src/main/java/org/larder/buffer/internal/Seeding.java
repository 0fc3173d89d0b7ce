package org.larder.buffer.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
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
import org.larder.buffer.BufferException;
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
  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String follower;
  private final Surroundings node;
  private final Routing routing;
  private final Attacher attacher;
  private final Progress progress;
  private final DeadLetterLog deadLetters;
  private final SeedWriter writer;
  private final RowVersions versions;
  private volatile String collection = "";
  private final Map<String, LongAdder> rows = new ConcurrentHashMap<>();
  private volatile Obstacle obstacle = Obstacle.NONE;

  /** Null when all is copied, and only to be made durable. */
  private String afterKey = "";

  /** When all was copied: the store has all of it when it is as far as the primary was then. */
  private long until;

  private long notedNanos;

  /** True if the writer has met the store. */
  private boolean met;

  /** True if the store had nothing of the collection when its filling began. */
  private boolean blank;

  /** A primary that could not be read is left alone until then. */
  private long sparedUntilNanos;

  Seeding(
      String follower,
      Surroundings node,
      Routing routing,
      Attacher attacher,
      Progress progress,
      DeadLetterLog deadLetters) {
    this.follower = follower;
    this.node = node;
    this.routing = routing;
    this.attacher = attacher;
    this.progress = progress;
    this.deadLetters = deadLetters;
    writer = new SeedWriter(follower, node, deadLetters);
    versions = RowVersions.in(node.journal());
    sparedUntilNanos = node.nanoTime().getAsLong();
  }

  /**
   * What keeps a filling from going on.
   *
   * @param code for programs; empty if nothing does
   * @param message for a person to see to
   */
  record Obstacle(String code, String message) {
    static final Obstacle NONE = new Obstacle("", "");
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
  Obstacle obstacle() {
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
   * Copies the next range, if there is one and the primary can be asked.
   *
   * @return false if nothing was done
   */
  boolean step(BackendHandle backend, Duration timeout) throws InterruptedException, IOException {
    List<String> waiting = waiting();
    if (waiting.isEmpty()) {
      return false;
    }
    if (!waiting.contains(collection)) {
      begin(waiting.get(0));
    }
    if (afterKey == null) {
      return node.nanoTime().getAsLong() - notedNanos > PAUSE_NANOS && finish(backend, timeout);
    }
    CollectionSchema schema = ready(backend, timeout);
    Follower primary = routing.primaryOf(collection);
    BackendHandle source = primary.backend().orElse(null);
    boolean able =
        schema != null && !primary.name().equals(follower) && source != null && isAsFar(primary);
    if (!able || node.nanoTime().getAsLong() - sparedUntilNanos < 0 || hasLetters(primary)) {
      return false;
    }
    Optional<SeedRange> range = read(primary, source, schema, timeout);
    if (range.isEmpty()) {
      return false;
    }
    meet(backend, timeout);
    copy(range.get(), backend, timeout);
    if (afterKey == null) {
      until = primary.progress().reached();
      finish(backend, timeout);
    } else if (node.nanoTime().getAsLong() - notedNanos > NOTE_NANOS
        && isDurable(backend, timeout)) {
      node.coverage().advance(follower, collection, State.seededTo(afterKey, writer.position()));
    }
    return true;
  }

  /** The collection, for which the store may not be ready before something comes by the journal. */
  private CollectionSchema ready(BackendHandle backend, Duration timeout)
      throws InterruptedException {
    if (attacher.schemaOf(collection) == null) {
      attacher.prepare(backend, List.of(), timeout);
    }
    return attacher.schemaOf(collection);
  }

  /** What is to be filled, and comes to the follower as well: else it would miss what is new. */
  private List<String> waiting() {
    return node.coverage().in(Extent.SEEDING, follower).stream()
        .filter(name -> routing.leads(name, follower))
        .toList();
  }

  /** The primary gathers what comes; it is asked to let that go when it is behind. */
  private boolean isAsFar(Follower primary) throws InterruptedException {
    long reached = progress.reached();
    if (primary.progress().reached() < reached) {
      primary.progress().want(reached);
      primary.wake();
    }
    return primary.progress().await(reached, PATIENCE);
  }

  private void begin(String next) throws IOException {
    afterKey = node.coverage().of(follower, next).map(State::afterKey).orElse("");
    if (afterKey.isEmpty() && isCopy()) {
      forgetLetters(next, key -> true);
    }
    collection = next;
    blank = false;
    obstacle = Obstacle.NONE;
    notedNanos = node.nanoTime().getAsLong();
    LOG.info(
        "Follower {} is being filled with {}{}",
        follower,
        next,
        afterKey.isEmpty() ? "" : ", going on where it was");
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

  /** What the primary refused it cannot hand on. */
  private boolean hasLetters(Follower primary) {
    boolean refused =
        primary.deadLetters().letters().stream()
            .anyMatch(letter -> letter.row().schema().name().equals(collection));
    obstacle =
        refused
            ? new Obstacle(
                "SOURCE_INCOMPLETE",
                primary.name()
                    + " has dead letters of "
                    + collection
                    + ", which a copy of it would lack: replay or discard them first")
            : Obstacle.NONE;
    return refused;
  }

  /**
   * The next range of the primary; empty if it cannot be read. That delays nothing but the filling:
   * what comes to the follower gets nine tenths of the time and more.
   */
  private Optional<SeedRange> read(
      Follower primary, BackendHandle source, CollectionSchema schema, Duration timeout)
      throws InterruptedException {
    String after = afterKey;
    long begun = System.nanoTime();
    try {
      return Optional.of(
          node.questions()
              .ask(
                  source,
                  begun + timeout.toNanos(),
                  store -> SeedRange.read(store, schema, after)));
    } catch (BufferException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while a range was read");
      }
      long taken = System.nanoTime() - begun;
      sparedUntilNanos = node.nanoTime().getAsLong() + Math.max(PAUSE_NANOS, 9 * taken);
      String why = (e.getCause() == null ? e : e.getCause()).getMessage();
      obstacle = new Obstacle("SOURCE_AWAY", primary.name() + " cannot be read: " + why);
      return Optional.empty();
    }
  }

  private void copy(SeedRange range, BackendHandle backend, Duration timeout)
      throws InterruptedException, IOException {
    CollectionSchema schema = range.schema();
    Map<String, Row> wanted = new HashMap<>();
    range.rows().forEach(row -> wanted.put(row.key(), row));
    List<Mutation> mutations = new ArrayList<>();
    boolean archive = !isCopy();
    if (!archive) {
      if (afterKey.isEmpty()) {
        blank = backend.call(timeout, store -> SeedRange.isNothingIn(store, schema));
      }
      // What comes into an empty store meanwhile comes by the journal, and so do deletes of it.
      List<String> gone =
          blank ? List.of() : backend.call(timeout, store -> range.others(store, wanted));
      for (String key : gone) {
        mutations.add(range.deletion(key, Math.max(0, progress.reached() - 1)));
      }
    } else {
      node.coverage().noteSurplus(follower, Set.of(collection), true);
    }
    for (Row row : wanted.values()) {
      mutations.add(new Mutation(Mutation.Kind.PUT, row, Math.max(0, versions.of(row))));
    }
    mutations.sort(Comparator.comparing(Mutation::row, Row::compareKey));
    if (!mutations.isEmpty()) {
      Set<String> refused = writer.write(backend, schema, mutations, timeout);
      if (archive) {
        forgetLetters(collection, key -> wanted.containsKey(key) && !refused.contains(key));
      }
    }
    rows.computeIfAbsent(collection, any -> new LongAdder()).add(range.rows().size());
    afterKey = range.isLast() ? null : range.lastKey();
  }

  /**
   * Ends the filling of a collection.
   *
   * @return false if that has to be tried again
   */
  private boolean finish(BackendHandle backend, Duration timeout)
      throws InterruptedException, IOException {
    if (!isDurable(backend, timeout)) {
      return false;
    }
    if (node.coverage().advance(follower, collection, State.fullAt(until, writer.position()))) {
      LOG.info(
          "Follower {} has all of {} when it has caught up to {}", follower, collection, until);
    }
    collection = "";
    return true;
  }

  /** What a loss of power may undo is not noted: nobody would fill the hole. */
  private boolean isDurable(BackendHandle backend, Duration timeout) throws InterruptedException {
    boolean durable = writer.sync(backend, timeout);
    notedNanos = node.nanoTime().getAsLong();
    obstacle =
        durable
            ? Obstacle.NONE
            : new Obstacle(
                "NOT_DURABLE",
                "The store does not say that a loss of power leaves what it was filled with of "
                    + collection
                    + "; it is asked again each second");
    return durable;
  }
}
