package org.larder.buffer.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;

/** What a fake backend keeps: it outlives the backend, and can be copied. Guarded by itself. */
final class FakeStore {
  private final Map<String, TreeMap<String, Row>> collections = new HashMap<>();
  private final Map<String, byte[]> metadata = new HashMap<>();

  synchronized FakeStore copy() {
    FakeStore copy = new FakeStore();
    copy.become(this);
    return copy;
  }

  /** Takes the contents of another, as when a file is replaced by a backup. */
  synchronized void become(FakeStore other) {
    collections.clear();
    metadata.clear();
    other.collections.forEach(
        (name, rows) -> {
          TreeMap<String, Row> own = new TreeMap<>(Values::compareText);
          own.putAll(rows);
          collections.put(name, own);
        });
    metadata.putAll(other.metadata);
  }

  /** Loses the positions that were kept since that copy of it was made. */
  synchronized void positionsOf(FakeStore earlier) {
    metadata.clear();
    metadata.putAll(earlier.metadata);
  }

  synchronized void put(Row row) {
    rowsOf(row.schema().name()).put(row.key(), row);
  }

  synchronized void delete(String collection, String key) {
    rowsOf(collection).remove(key);
  }

  synchronized List<Row> rows(String collection) {
    return new ArrayList<>(rowsOf(collection).values());
  }

  synchronized Row row(String collection, String key) {
    return rowsOf(collection).get(key);
  }

  synchronized List<String> keys(String collection) {
    return List.copyOf(rowsOf(collection).keySet());
  }

  private Map<String, Row> rowsOf(String collection) {
    return collections.computeIfAbsent(collection, any -> new TreeMap<>(Values::compareText));
  }

  synchronized byte[] metadata(String name) {
    byte[] value = metadata.get(name);
    return value == null ? null : Arrays.copyOf(value, value.length);
  }

  synchronized void metadata(String name, byte[] value) {
    metadata.put(name, Arrays.copyOf(value, value.length));
  }
}
