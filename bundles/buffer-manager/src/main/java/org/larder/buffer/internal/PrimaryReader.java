package org.larder.buffer.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.larder.buffer.Answer;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.Consistency;
import org.larder.buffer.RecordReader;
import org.larder.journal.Journal;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Row;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Evaluator;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Group;
import org.larder.storage.query.Page;
import org.larder.storage.query.Queries;
import org.larder.storage.query.Query;
import org.larder.storage.spi.QueryBackend;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;

/**
 * Asks the primary of a collection on the caller's thread, and lays over it what is pending; free
 * for any thread.
 */
final class PrimaryReader implements RecordReader {
  private static final Duration FLUSH_PATIENCE = Duration.ofSeconds(10);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Journal journal;
  private final Catalogue catalogue;
  private final Routing routing;
  private final Flushing flushing;
  private final RowVersions versions;

  PrimaryReader(Journal journal, Catalogue catalogue, Routing routing, Flushing flushing) {
    this.journal = journal;
    this.catalogue = catalogue;
    this.routing = routing;
    this.flushing = flushing;
    versions = RowVersions.in(journal);
  }

  @Override
  public Answer<Optional<Row>> get(String collection, String key, Consistency consistency) {
    CollectionSchema schema =
        catalogue
            .newest(collection)
            .orElseThrow(() -> new NoSuchElementException("No collection " + collection));
    return consistent(
        collection,
        consistency,
        store -> stored(store, schema, key),
        (index, reached) -> index.pending(schema, reached, key),
        (store, pending) ->
            Overlay.apply(stored(store, schema, key).orElse(null), pending, versions)
                .map(row -> row.under(schema)));
  }

  @Override
  public Answer<Page> query(Query query, Consistency consistency) {
    Queries.check(query);
    Optional<Object> partition = partitionOf(query.filter(), query.schema().partitionField());
    return consistent(
        query.schema().name(),
        consistency,
        store -> page(store, query, Set.of()),
        (index, reached) -> index.pending(query.schema(), reached, partition, Overlay.MAX_KEYS),
        (store, pending) ->
            Overlay.page(
                query, pending, versions, (asked, without) -> page(store, asked, without), store));
  }

  @Override
  public Answer<List<Group>> aggregate(Aggregation aggregation, Consistency consistency) {
    Queries.check(aggregation);
    Consistency effective = consistency == Consistency.BUFFERED ? Consistency.FLUSHED : consistency;
    return consistent(
        aggregation.schema().name(),
        effective,
        store ->
            store instanceof QueryBackend able
                ? List.copyOf(able.aggregate(aggregation))
                : scan(
                    store,
                    aggregation.schema(),
                    source -> Evaluator.aggregate(aggregation, source)),
        (index, reached) -> Optional.empty(),
        (store, nothing) -> List.of());
  }

  /** Reads a pending index; the answer is empty if it cannot hold all. */
  interface PendingLookup<P> {
    Optional<P> look(PendingIndex index, long reached) throws IOException;
  }

  static <P> Optional<P> pending(PendingLookup<P> lookup, Follower follower, long reached) {
    try {
      return lookup.look(follower.index(), reached);
    } catch (IOException | StorageException e) {
      throw new BufferException(
          Reason.JOURNAL_FAILED, "The journal cannot be read", RETRY_AFTER, e);
    }
  }

  /** Joins what the store says with what is pending. */
  private interface Join<P, T> {
    T join(StorageBackend store, P pending);
  }

  /** Asks the primary, or while it is away the mirror that stands in for it. */
  private <P, T> Answer<T> consistent(
      String collection,
      Consistency consistency,
      Function<StorageBackend, T> plain,
      PendingLookup<P> pending,
      Join<P, T> join) {
    Follower primary = routing.primaryOf(collection);
    try {
      return consistent(primary, consistency, plain, pending, join);
    } catch (BufferException e) {
      Follower mirror = routing.standInFor(collection).orElse(null);
      if (e.reason() != Reason.BACKEND_AWAY || mirror == null || mirror == primary) {
        throw e;
      }
      return consistent(mirror, consistency, plain, pending, join);
    }
  }

  private <P, T> Answer<T> consistent(
      Follower follower,
      Consistency consistency,
      Function<StorageBackend, T> plain,
      PendingLookup<P> pending,
      Join<P, T> join) {
    if (follower.progress().reached() < 0) {
      throw away(null);
    }
    if (consistency == Consistency.BUFFERED) {
      long reached = follower.progress().reached();
      if (reached >= journal.syncedEnd(0)) {
        return ask(follower, plain);
      }
      Optional<P> overlay = pending(pending, follower, reached);
      if (overlay.isPresent()) {
        return ask(follower, store -> join.join(store, overlay.get()));
      }
    }
    if (consistency != Consistency.STORED) {
      flushing.flush(follower, FLUSH_PATIENCE);
    }
    return ask(follower, plain);
  }

  private <T> Answer<T> ask(Follower follower, Function<StorageBackend, T> question) {
    BackendHandle backend = follower.backend().orElseThrow(() -> away(null));
    long reached = follower.progress().reached();
    try {
      T value = backend.read(question);
      String position =
          Tokens.encode(journal.id(), new Tokens.Stretch(journal.epoch(), 0, reached, 0, 0));
      return new Answer<>(value, backend.name(), position);
    } catch (StorageException e) {
      throw away(e);
    }
  }

  private static BufferException away(StorageException cause) {
    return new BufferException(
        Reason.BACKEND_AWAY, "The backend cannot be asked now", RETRY_AFTER, cause);
  }

  static Optional<Row> stored(StorageBackend store, CollectionSchema schema, String key) {
    try (RecordCursor cursor = store.scan(ScanRequest.of(schema, List.of(key)))) {
      return Optional.ofNullable(cursor.next());
    }
  }

  static Page page(StorageBackend store, Query query, Set<String> without) {
    if (store instanceof QueryBackend able) {
      if (without.isEmpty()) {
        return able.query(query);
      }
      Filter others =
          new Filter.Not(new Filter.In(query.schema().key().name(), new ArrayList<>(without)));
      return able.query(query.withFilter(Filter.and(query.filter(), others)));
    }
    return scan(
        store, query.schema(), source -> Evaluator.query(query, () -> nextOf(source, without)));
  }

  private static Row nextOf(Evaluator.Source source, Set<String> without) {
    Row row = source.next();
    while (row != null && without.contains(row.key())) {
      row = source.next();
    }
    return row;
  }

  private static <T> T scan(
      StorageBackend store, CollectionSchema schema, Function<Evaluator.Source, T> question) {
    try (RecordCursor cursor = store.scan(ScanRequest.all(schema))) {
      return question.apply(cursor);
    }
  }

  /** The one value of the partition field that the filter lets through, if it names one. */
  static Optional<Object> partitionOf(Filter filter, String field) {
    if (filter instanceof Filter.Comparison comparison
        && comparison.operator() == Filter.Operator.EQ
        && comparison.field().equals(field)
        && isExact(comparison.operand())) {
      return Optional.of(comparison.operand());
    }
    if (filter instanceof Filter.And and) {
      return and.terms().stream().flatMap(t -> partitionOf(t, field).stream()).findFirst();
    }
    return Optional.empty();
  }

  /** True if equal values are equal objects, as decimals of different scales are not. */
  private static boolean isExact(Object operand) {
    return operand instanceof String || operand instanceof Long;
  }
}
