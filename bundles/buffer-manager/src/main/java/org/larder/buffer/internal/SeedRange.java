package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;

/**
 * Rows of one collection that are copied in one go, in the order of their keys.
 *
 * @param after the key behind which it begins; empty for the beginning
 */
record SeedRange(CollectionSchema schema, String after, List<Row> rows) {
  private static final int MOST_ROWS = 4_000;
  private static final long MOST_BYTES = 4 << 20;

  /** Reads the range behind a key of a store, or that at the beginning if the key is empty. */
  static SeedRange read(StorageBackend store, CollectionSchema schema, String after) {
    try (RecordCursor cursor = store.scan(request(schema, after))) {
      List<Row> rows = new ArrayList<>();
      long bytes = 0;
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        rows.add(row);
        bytes += row.encodedLength();
        if (rows.size() == MOST_ROWS || bytes >= MOST_BYTES) {
          break;
        }
      }
      return new SeedRange(schema, after, rows);
    }
  }

  /** True if the store has nothing of the collection. */
  static boolean isNothingIn(StorageBackend store, CollectionSchema schema) {
    try (RecordCursor cursor = store.scan(ScanRequest.all(schema))) {
      return cursor.next() == null;
    }
  }

  private static ScanRequest request(CollectionSchema schema, String after) {
    return after.isEmpty() ? ScanRequest.all(schema) : ScanRequest.after(schema, after);
  }

  /** True if it has reached the end: it is full in neither respect, or has nothing. */
  boolean isLast() {
    return rows.size() < MOST_ROWS
        && rows.stream().mapToLong(Row::encodedLength).sum() < MOST_BYTES;
  }

  /** The key that it ends with; empty if it has nothing. */
  String lastKey() {
    return rows.isEmpty() ? "" : rows.get(rows.size() - 1).key();
  }

  /**
   * The keys that a store has in this range and that are not wanted. What the store has already, as
   * it should be, is wanted no more: so a store that was filled before, or has followed meanwhile,
   * is filled as fast as it is read.
   *
   * @param wanted the rows of this range by their keys; loses what is there
   */
  List<String> others(StorageBackend store, Map<String, Row> wanted) {
    String upTo = isLast() ? "" : lastKey();
    try (RecordCursor cursor = store.scan(request(schema, after))) {
      List<String> found = new ArrayList<>();
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        String key = row.key();
        if (!upTo.isEmpty() && Values.compareText(key, upTo) > 0) {
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

  /** Removes a key that the store has and the primary has not. */
  Mutation deletion(String key, long sequence) {
    try {
      Row row = Row.of(schema).set(schema.key().name(), key).build();
      return new Mutation(Mutation.Kind.DELETE, row, sequence);
    } catch (InvalidRowException e) {
      throw new StorageException(HALT, "STORE_ERROR", "The store has a key that cannot be one", e);
    }
  }
}
