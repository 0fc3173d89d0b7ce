package org.larder.tck;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.query.Evaluator;

/** What a collection has to be after some mutations; for one thread. */
public final class Model {
  private final Map<String, Row> rows = new TreeMap<>(Values::compareText);

  /** Applies mutations one by one. */
  public void apply(Iterable<Mutation> mutations) {
    for (Mutation mutation : mutations) {
      Row stored = rows.get(mutation.key());
      Row after = Merging.apply(stored, mutation).orElse(null);
      if (after == null) {
        rows.remove(mutation.key());
      } else if (mutation.kind() != Mutation.Kind.INSERT || stored == null) {
        rows.put(mutation.key(), after.withVersion(mutation.sequence()));
      }
    }
  }

  /** All rows by key. */
  public List<Row> rows() {
    return new ArrayList<>(rows.values());
  }

  /** All rows, one by one. */
  public Evaluator.Source source() {
    Iterator<Row> iterator = rows.values().iterator();
    return () -> iterator.hasNext() ? iterator.next() : null;
  }
}
