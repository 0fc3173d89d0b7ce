package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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

  private final String follower;
  private final Surroundings node;
  private final Routing routing;
  private final Attacher attacher;
  private final Progress progress;
  private final SeedWriter writer;
  private volatile String collection = "";
  private final Map<String, LongAdder> rows = new ConcurrentHashMap<>();
  private volatile String obstacle = "";
  private String afterKey = "";
  private long notedNanos;

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
    writer = new SeedWriter(follower, node, deadLetters);
  }

  /** True if a collection is not full yet. */
  boolean isNeeded() {
    return !node.coverage().in(Extent.SEEDING, follower).isEmpty();
  }

  /** The collection under way; empty if none is. */
  String collection() {
    return collection;
  }

  /** What keeps it from going on, for a person to see to; empty if nothing does. */
  String obstacle() {
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
    if (!isNeeded()) {
      return;
    }
    writer.attach(backend, timeout);
  }

  /**
   * Copies the next range, if there is one and the primary can be asked.
   *
   * @return false if nothing was done
   */
  boolean step(BackendHandle backend, Duration timeout) throws InterruptedException, IOException {
    List<String> waiting = node.coverage().in(Extent.SEEDING, follower);
    if (waiting.isEmpty()) {
      return false;
    }
    if (!waiting.contains(collection)) {
      begin(waiting.get(0));
    }
    CollectionSchema schema = attacher.schemaOf(collection);
    Follower primary = routing.primaryOf(collection);
    BackendHandle source = primary.backend().orElse(null);
    boolean able =
        schema != null && !primary.name().equals(follower) && source != null && isAsFar(primary);
    if (!able || hasLetters(primary)) {
      return false;
    }
    copyRange(backend, source, schema, timeout);
    if (afterKey == null) {
      finish(backend, primary, timeout);
    } else if (node.nanoTime().getAsLong() - notedNanos > NOTE_NANOS) {
      SeedWriter.sync(backend, timeout);
      node.coverage().advance(follower, collection, State.seededTo(afterKey));
      notedNanos = node.nanoTime().getAsLong();
    }
    return true;
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

  private void begin(String next) {
    collection = next;
    afterKey = node.coverage().of(follower, next).map(State::afterKey).orElse("");
    notedNanos = node.nanoTime().getAsLong();
    LOG.info(
        "Follower {} is being filled with {}{}",
        follower,
        next,
        afterKey.isEmpty() ? "" : ", going on where it was");
  }

  /** What the primary refused it cannot hand on. */
  private boolean hasLetters(Follower primary) {
    boolean refused =
        primary.deadLetters().letters().stream()
            .anyMatch(letter -> letter.row().schema().name().equals(collection));
    obstacle =
        refused
            ? primary.name()
                + " has dead letters of "
                + collection
                + ", which a copy of it would lack: replay or discard them first"
            : "";
    return refused;
  }

  private void copyRange(
      BackendHandle backend, BackendHandle source, CollectionSchema schema, Duration timeout)
      throws InterruptedException, IOException {
    List<Row> range = source.read(store -> range(store.scan(request(schema))));
    boolean last = range.isEmpty() || isLast(range);
    String lastKey = range.isEmpty() ? "" : range.get(range.size() - 1).key();
    Map<String, Row> wanted = new HashMap<>();
    range.forEach(row -> wanted.put(row.key(), row));
    List<Mutation> mutations = new ArrayList<>();
    if (routing.table().mirror(follower).deletes() == RouteTable.Deletes.ALL) {
      List<String> gone =
          backend.call(
              timeout, store -> others(store.scan(request(schema)), wanted, last ? "" : lastKey));
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
