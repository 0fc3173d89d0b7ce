package org.larder.buffer.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.query.Evaluator;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;

/**
 * Answers a query as if what is pending were stored already: the store is asked for the rows of all
 * other keys, and the rows of pending keys are laid between them as they will be. Stateless.
 */
final class Overlay {
  /** With more pending keys than this a flush is cheaper. */
  static final int MAX_KEYS = 2_000;

  private Overlay() {}

  /** Asks the store, leaving out the rows with these keys. */
  interface Others {
    Page ask(Query query, Set<String> without);
  }

  static Page page(
      Query query,
      Map<String, List<Mutation>> pending,
      RowVersions versions,
      Others others,
      StorageBackend store) {
    if (pending.isEmpty()) {
      return others.ask(query, Set.of());
    }
    List<Row> laid = new ArrayList<>();
    long total = 0;
    for (Row row : rows(query, pending, versions, store)) {
      if (Evaluator.matches(query.filter(), row)) {
        total++;
        if (query.after().isEmpty() || Evaluator.isAfter(query.order(), query.after().get(), row)) {
          laid.add(row);
        }
      }
    }
    // Among the rows to pass over are at most all that are laid; the others the store passes over.
    long skipped = Math.max(0, query.offset() - laid.size());
    long reach = query.offset() - skipped + query.limit() + 1L;
    Page found =
        others.ask(
            query.withOffset(skipped).withLimit((int) Math.min(Integer.MAX_VALUE, reach)),
            pending.keySet());
    OptionalLong count =
        query.wantsTotal()
            ? OptionalLong.of(found.total().orElseThrow() + total)
            : OptionalLong.empty();
    if (skipped > 0 && found.rows().isEmpty()) {
      return Evaluator.page(query, List.of(), count);
    }
    Comparator<Row> comparator = Evaluator.comparator(query.order());
    List<Row> rows = new ArrayList<>(found.rows());
    rows.addAll(laid);
    rows.sort(comparator);
    int from = (int) Math.min(query.offset() - skipped, rows.size());
    int to = (int) Math.min(from + query.limit() + 1L, rows.size());
    return Evaluator.page(query, rows.subList(from, to), count);
  }

  /**
   * A row as it will be.
   *
   * @param stored null if there is none
   * @param pending in the order of the journal; what the row has already is passed over
   */
  static Optional<Row> apply(Row stored, List<Mutation> pending, RowVersions versions) {
    Row row = stored;
    long version = stored == null ? Row.UNKNOWN_VERSION : versions.of(stored);
    for (Mutation mutation : pending) {
      boolean inVain = mutation.kind() == Mutation.Kind.INSERT && row != null;
      if (mutation.sequence() > version && !inVain) {
        row =
            Merging.apply(row, mutation)
                .map(changed -> changed.withVersion(mutation.sequence()))
                .orElse(null);
      }
    }
    return Optional.ofNullable(row);
  }

  private static List<Row> rows(
      Query query,
      Map<String, List<Mutation>> pending,
      RowVersions versions,
      StorageBackend store) {
    List<String> keys = new ArrayList<>(pending.keySet());
    keys.sort(Values::compareText);
    Map<String, Row> stored = new HashMap<>();
    try (RecordCursor cursor = store.scan(ScanRequest.of(query.schema(), keys))) {
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        stored.put(row.key(), row);
      }
    }
    List<Row> rows = new ArrayList<>();
    pending.forEach(
        (key, mutations) ->
            apply(stored.get(key), mutations, versions)
                .map(row -> row.under(query.schema()))
                .ifPresent(rows::add));
    return rows;
  }
}
