package org.larder.buffer.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
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
 * Answers a query as if what is pending were stored already: the stored rows of pending keys are
 * taken out of the page, and come back as they will be. Stateless.
 */
final class Overlay {
  /** With more pending keys than this a flush is cheaper. */
  static final int MAX_KEYS = 5_000;

  private Overlay() {}

  static Page page(
      Query query,
      Map<String, List<Mutation>> pending,
      Function<Query, Page> ask,
      StorageBackend store) {
    if (pending.isEmpty()) {
      return ask.apply(query);
    }
    Map<String, Row> before = stored(query, pending, store);
    // So many rows that enough are left when all pending keys are taken out.
    int reach = Math.toIntExact(query.offset() + query.limit() + pending.size());
    Page found = ask.apply(query.withOffset(0).withLimit(reach));
    List<Row> rows = new ArrayList<>();
    for (Row row : found.rows()) {
      if (!pending.containsKey(row.key())) {
        rows.add(row);
      }
    }
    long total = found.total().orElse(0);
    for (Map.Entry<String, List<Mutation>> entry : pending.entrySet()) {
      Row row = before.get(entry.getKey());
      total -= row != null && Evaluator.matches(query.filter(), row) ? 1 : 0;
      for (Mutation mutation : entry.getValue()) {
        row = Merging.apply(row, mutation).orElse(null);
      }
      if (row != null && Evaluator.matches(query.filter(), row)) {
        total++;
        if (isBehind(query, row)) {
          rows.add(row);
        }
      }
    }
    rows.sort(Evaluator.comparator(query.order()));
    int from = (int) Math.min(query.offset(), rows.size());
    int to = Math.min(from + query.limit() + 1, rows.size());
    OptionalLong count = query.wantsTotal() ? OptionalLong.of(total) : OptionalLong.empty();
    return Evaluator.page(query, rows.subList(from, to), count);
  }

  private static boolean isBehind(Query query, Row row) {
    return query.after().isEmpty() || Evaluator.isAfter(query.order(), query.after().get(), row);
  }

  private static Map<String, Row> stored(
      Query query, Map<String, List<Mutation>> pending, StorageBackend store) {
    List<String> keys = new ArrayList<>(pending.keySet());
    keys.sort(Values::compareText);
    Map<String, Row> rows = new HashMap<>();
    try (RecordCursor cursor = store.scan(ScanRequest.of(query.schema(), keys))) {
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        rows.put(row.key(), row);
      }
    }
    return rows;
  }
}
