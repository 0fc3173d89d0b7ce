package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;

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
import org.larder.buffer.BufferException;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.RouteTable;
import org.larder.buffer.internal.Coverage.Extent;
import org.larder.buffer.internal.Coverage.State;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageException;
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

  private static final int RANGE_ROWS = 4_000;
  private static final long RANGE_BYTES = 4 << 20;
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
  private volatile String collection = "";
  private final Map<String, LongAdder> rows = new ConcurrentHashMap<>();
  private volatile Obstacle obstacle = Obstacle.NONE;
  private String afterKey = "";
  private long notedNanos;

  /** True if the writer has met the store. */
  private boolean met;

  /** True if the store had nothing of the collection when its filling began. */
  private boolean blank;

  /** A primary that could not be read is left alone until then. */
  private long sparedUntilNanos = System.nanoTime();

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
    CollectionSchema schema = ready(backend, timeout);
    Follower primary = routing.primaryOf(collection);
    BackendHandle source = primary.backend().orElse(null);
    boolean able =
        schema != null && !primary.name().equals(follower) && source != null && isAsFar(primary);
    if (!able || System.nanoTime() - sparedUntilNanos < 0 || hasLetters(primary)) {
      return false;
    }
    Optional<List<Row>> range = read(primary, source, schema, timeout);
    if (range.isEmpty()) {
      return false;
    }
    meet(backend, timeout);
    copy(range.get(), backend, schema, timeout);
    if (afterKey == null) {
      finish(backend, primary, timeout);
    } else if (node.nanoTime().getAsLong() - notedNanos > NOTE_NANOS) {
      SeedWriter.sync(backend, timeout);
      node.coverage().advance(follower, collection, State.seededTo(afterKey));
      notedNanos = node.nanoTime().getAsLong();
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
    if (afterKey.isEmpty()) {
      forgetLetters(next);
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

  /** What is copied is newer than any of them; what is refused then is a letter again. */
  private void forgetLetters(String of) throws IOException {
    List<DeadLetter> old =
        deadLetters.letters().stream()
            .filter(letter -> letter.row().schema().name().equals(of))
            .toList();
    if (!old.isEmpty()) {
      deadLetters.withdraw(old);
      LOG.info(
          "Dead letters of {} are void, all of {} is copied anew: {}", follower, of, old.size());
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
  private Optional<List<Row>> read(
      Follower primary, BackendHandle source, CollectionSchema schema, Duration timeout)
      throws InterruptedException {
    ScanRequest request = request(schema);
    long begun = System.nanoTime();
    try {
      return Optional.of(
          node.questions()
              .ask(source, begun + timeout.toNanos(), store -> range(store.scan(request))));
    } catch (BufferException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while a range was read");
      }
      long taken = System.nanoTime() - begun;
      sparedUntilNanos = System.nanoTime() + Math.max(PAUSE_NANOS, 9 * taken);
      String why = (e.getCause() == null ? e : e.getCause()).getMessage();
      obstacle = new Obstacle("SOURCE_AWAY", primary.name() + " cannot be read: " + why);
      return Optional.empty();
    }
  }

  private void copy(
      List<Row> range, BackendHandle backend, CollectionSchema schema, Duration timeout)
      throws InterruptedException, IOException {
    boolean last = range.isEmpty() || isLast(range);
    String lastKey = range.isEmpty() ? "" : range.get(range.size() - 1).key();
    Map<String, Row> wanted = new HashMap<>();
    range.forEach(row -> wanted.put(row.key(), row));
    List<Mutation> mutations = new ArrayList<>();
    if (routing.table().mirror(follower).deletes() == RouteTable.Deletes.ALL) {
      if (afterKey.isEmpty()) {
        blank = backend.call(timeout, store -> isEmpty(store.scan(ScanRequest.all(schema))));
      }
      // What comes into an empty store meanwhile comes by the journal, and so do deletes of it.
      List<String> gone =
          blank
              ? List.of()
              : backend.call(
                  timeout,
                  store -> others(store.scan(request(schema)), wanted, last ? "" : lastKey));
      gone.forEach(key -> mutations.add(deletion(schema, key)));
    } else {
      node.coverage().noteSurplus(follower, Set.of(collection), true);
    }
    for (Row row : wanted.values()) {
      mutations.add(new Mutation(Mutation.Kind.PUT, row, Math.max(0, row.version())));
    }
    mutations.sort(Comparator.comparing(Mutation::row, Row::compareKey));
    if (!mutations.isEmpty()) {
      writer.write(backend, schema, mutations, timeout);
    }
    rows.computeIfAbsent(collection, any -> new LongAdder()).add(range.size());
    afterKey = last ? null : lastKey;
  }

  private static boolean isEmpty(RecordCursor cursor) {
    try (cursor) {
      return cursor.next() == null;
    }
  }

  private ScanRequest request(CollectionSchema schema) {
    return afterKey.isEmpty() ? ScanRequest.all(schema) : ScanRequest.after(schema, afterKey);
  }

  /** A range that is full in neither respect has reached the end. */
  private static boolean isLast(List<Row> range) {
    return range.size() < RANGE_ROWS
        && range.stream().mapToLong(Row::encodedLength).sum() < RANGE_BYTES;
  }

  private static List<Row> range(RecordCursor cursor) {
    try (cursor) {
      List<Row> rows = new ArrayList<>();
      long bytes = 0;
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        rows.add(row);
        bytes += row.encodedLength();
        if (rows.size() == RANGE_ROWS || bytes >= RANGE_BYTES) {
          break;
        }
      }
      return rows;
    }
  }

  /**
   * The keys in a range of the store that are not wanted; up to a key, or all. What the store has
   * already, as it should be, is wanted no more: so a store that was filled before, or has followed
   * meanwhile, is filled as fast as it is read.
   */
  private static List<String> others(RecordCursor cursor, Map<String, Row> wanted, String lastKey) {
    try (cursor) {
      List<String> found = new ArrayList<>();
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        String key = row.key();
        if (!lastKey.isEmpty() && Values.compareText(key, lastKey) > 0) {
          break;
        }
        Row expected = wanted.get(key);
        if (expected == null) {
          found.add(key);
        } else if (row.version() == expected.version() && row.equals(expected)) {
          wanted.remove(key);
        }
      }
      return found;
    }
  }

  private Mutation deletion(CollectionSchema schema, String key) {
    try {
      Row row = Row.of(schema).set(schema.key().name(), key).build();
      return new Mutation(Mutation.Kind.DELETE, row, Math.max(0, progress.reached() - 1));
    } catch (InvalidRowException e) {
      throw new StorageException(HALT, "STORE_ERROR", "The store has a key that cannot be one", e);
    }
  }

  private void finish(BackendHandle backend, Follower primary, Duration timeout)
      throws InterruptedException, IOException {
    SeedWriter.sync(backend, timeout);
    long until = primary.progress().reached();
    if (node.coverage().advance(follower, collection, State.fullAt(until))) {
      LOG.info(
          "Follower {} has all of {} when it has caught up to {}", follower, collection, until);
    }
    collection = "";
  }
}
