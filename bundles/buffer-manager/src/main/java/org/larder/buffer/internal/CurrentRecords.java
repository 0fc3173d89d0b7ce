package org.larder.buffer.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.Guard;
import org.larder.buffer.RouteTable;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.query.Page;
import org.larder.storage.query.Queries;
import org.larder.storage.query.Query;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;

/**
 * Records as everything acknowledged has left them: what is in the journal first, what the primary
 * of their collection has where that does not say it. Asked by threads that hold the guards of what
 * they ask for, and have waited for what was {@link Unsettled}.
 *
 * <p>A primary with what is pending for it says the same as any other, so collections may have
 * different ones. One that was swapped away while it was asked may have been passed over by records
 * since: its answer is thrown away, and the new one is asked.
 */
final class CurrentRecords {
  /** A primary that did not answer is not asked about inserts for so long. */
  private static final long SPARED_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int SCAN_KEYS = 1_000;

  private final Routing routing;
  private final Flushing flushing;
  private final Questions questions;
  private final KnownKeys known;
  private final RowVersions versions;
  private volatile Spared spared;

  CurrentRecords(
      Routing routing,
      Flushing flushing,
      Questions questions,
      KnownKeys known,
      RowVersions versions) {
    this.routing = routing;
    this.flushing = flushing;
    this.questions = questions;
    this.known = known;
    this.versions = versions;
  }

  /** A primary that is left alone until then. */
  private record Spared(Follower follower, long untilNanos) {}

  /** Asks one primary. */
  private interface Look<T> {
    T at(Follower primary);
  }

  /** Asks the primary of a collection, and once more if it is another by then. */
  private <T> T current(String collection, long deadlineNanos, Look<T> look) {
    while (true) {
      RouteTable table = routing.table();
      Follower primary = routing.primaryOf(collection);
      boolean late = System.nanoTime() - deadlineNanos >= 0;
      try {
        T answer = look.at(primary);
        if (isStill(collection, table, primary)) {
          return answer;
        }
      } catch (BufferException e) {
        if (e.reason() != Reason.BACKEND_AWAY || isStill(collection, table, primary)) {
          throw e;
        }
      }
      if (late) {
        throw Guards.undecided("The primary of " + collection + " is being swapped");
      }
    }
  }

  /** True if nothing was swapped since, not even there and back. */
  @SuppressWarnings("ReferenceEquality") // each change of the routes makes a new table
  private boolean isStill(String collection, RouteTable table, Follower primary) {
    return routing.primaryOf(collection) == primary && routing.table() == table;
  }

  /**
   * The record of that key.
   *
   * @throws BufferException BACKEND_AWAY or UNDECIDED if it cannot be known in time
   */
  Optional<Row> row(CollectionSchema schema, String key, long deadlineNanos) {
    return current(
            schema.name(), deadlineNanos, primary -> row(primary, schema, key, deadlineNanos))
        .map(found -> found.under(schema));
  }

  private Optional<Row> row(
      Follower primary, CollectionSchema schema, String key, long deadlineNanos) {
    List<Mutation> pending =
        PrimaryReader.pending(
                (index, reached) -> index.pending(schema, reached, key), primary, reached(primary))
            .orElseGet(
                () -> {
                  flush(primary, deadlineNanos);
                  return List.of();
                });
    int certain = lastCertain(pending);
    if (certain >= 0) {
      return Overlay.apply(null, pending.subList(certain, pending.size()), versions);
    }
    Optional<Row> stored =
        ask(primary, deadlineNanos, store -> PrimaryReader.stored(store, schema, key));
    return Overlay.apply(stored.orElse(null), pending, versions);
  }

  /** The place of the last mutation that hangs on nothing before it; −1 if there is none. */
  private static int lastCertain(List<Mutation> pending) {
    int at = pending.size() - 1;
    while (at >= 0
        && pending.get(at).kind() != Mutation.Kind.PUT
        && pending.get(at).kind() != Mutation.Kind.DELETE) {
      at--;
    }
    return at;
  }

  /** One page of records; see {@link #row}. */
  Page query(Query query, long deadlineNanos) {
    Queries.check(query);
    return current(
        query.schema().name(), deadlineNanos, primary -> query(primary, query, deadlineNanos));
  }

  private Page query(Follower primary, Query query, long deadlineNanos) {
    Optional<Object> partition =
        PrimaryReader.partitionOf(query.filter(), query.schema().partitionField());
    Map<String, List<Mutation>> pending =
        PrimaryReader.pending(
                (index, reached) ->
                    index.pending(query.schema(), reached, partition, Overlay.MAX_KEYS),
                primary,
                reached(primary))
            .orElseGet(
                () -> {
                  flush(primary, deadlineNanos);
                  return Map.of();
                });
    return ask(
        primary,
        deadlineNanos,
        store ->
            Overlay.page(
                query,
                pending,
                versions,
                (asked, without) -> PrimaryReader.page(store, asked, without),
                store));
  }

  /**
   * Which records are there, as far as that can be known in time: a key without an answer is not in
   * the map. Asks the pending mutations, the keys lately seen and the primary, in that order.
   */
  Map<String, Boolean> there(CollectionSchema schema, Set<String> keys, long deadlineNanos) {
    return current(
        schema.name(), deadlineNanos, primary -> there(primary, schema, keys, deadlineNanos));
  }

  private Map<String, Boolean> there(
      Follower primary, CollectionSchema schema, Set<String> keys, long deadlineNanos) {
    Optional<BackendHandle> backend = primary.backend();
    backend.ifPresent(store -> known.of(schema.name(), store));
    Map<String, Boolean> answers = new HashMap<>();
    Optional<Map<String, List<Mutation>>> pending =
        PrimaryReader.pending(
            (index, reached) -> index.pending(schema, reached, keys), primary, reached(primary));
    pending.ifPresent(all -> all.forEach((key, last) -> answers.put(key, exists(last))));
    List<String> open = new ArrayList<>();
    for (String key : keys) {
      if (!answers.containsKey(key) && known.contains(Guard.record(schema.name(), key))) {
        answers.put(key, true);
      } else if (!answers.containsKey(key)) {
        open.add(key);
      }
    }
    boolean able =
        pending.isPresent()
            && backend.isPresent()
            && primary.progress().reached() >= 0
            && !isSpared(primary);
    for (int i = 0; able && i < open.size(); i += SCAN_KEYS) {
      List<String> some = open.subList(i, Math.min(open.size(), i + SCAN_KEYS));
      able = askWhetherThere(primary, backend.get(), schema, some, deadlineNanos, answers);
    }
    return answers;
  }

  private static boolean exists(List<Mutation> pending) {
    return pending.get(pending.size() - 1).kind() != Mutation.Kind.DELETE;
  }

  private boolean isSpared(Follower primary) {
    Spared last = spared;
    return last != null && last.follower() == primary && System.nanoTime() - last.untilNanos() < 0;
  }

  private boolean askWhetherThere(
      Follower primary,
      BackendHandle backend,
      CollectionSchema schema,
      List<String> keys,
      long deadlineNanos,
      Map<String, Boolean> answers) {
    long timesCleared = known.timesCleared();
    Set<String> found;
    try {
      found = questions.ask(backend, deadlineNanos, store -> keysOf(store, schema, keys));
    } catch (BufferException e) {
      if (e.reason() == Reason.UNDECIDED) {
        spared = new Spared(primary, System.nanoTime() + SPARED_NANOS);
      } else if (e.reason() != Reason.BACKEND_AWAY) {
        throw e;
      }
      return false;
    }
    if (!isOf(primary, backend)) {
      return false;
    }
    List<Guard> there = found.stream().map(key -> Guard.record(schema.name(), key)).toList();
    if (!known.found(schema.name(), backend, there, timesCleared)) {
      return false;
    }
    keys.forEach(key -> answers.put(key, found.contains(key)));
    return true;
  }

  private static Set<String> keysOf(
      StorageBackend store, CollectionSchema schema, List<String> keys) {
    Set<String> found = new HashSet<>();
    try (RecordCursor cursor = store.scan(ScanRequest.of(schema, keys))) {
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        found.add(row.key());
      }
    }
    return found;
  }

  private <T> T ask(Follower primary, long deadlineNanos, Function<StorageBackend, T> question) {
    if (primary.progress().reached() < 0) {
      throw Questions.away(null);
    }
    BackendHandle backend = primary.backend().orElseThrow(() -> Questions.away(null));
    T answer = questions.ask(backend, deadlineNanos, question);
    if (!isOf(primary, backend)) {
      throw Questions.away(null);
    }
    return answer;
  }

  /** False if what was read may be another store's than the primary's by now. */
  private static boolean isOf(Follower primary, BackendHandle backend) {
    return primary.backend().equals(Optional.of(backend));
  }

  /** Too much is pending to be looked through: the primary has to take it first. */
  private void flush(Follower primary, long deadlineNanos) {
    try {
      flushing.flush(primary, Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime())));
    } catch (BufferException e) {
      throw e.reason() == Reason.DEADLINE ? Guards.undecided("The backend is too far behind") : e;
    }
  }

  /** Before the primary was met, everything that is kept counts as pending; that does no harm. */
  private static long reached(Follower primary) {
    return Math.max(0, primary.progress().reached());
  }
}
