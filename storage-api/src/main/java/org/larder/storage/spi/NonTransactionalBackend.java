package org.larder.storage.spi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The base for stores without transactions. It leaves four things to write: put and delete a batch
 * of rows, scan, keep a few bytes of metadata, probe.
 *
 * <p>Data is written first and the position after it; a crash between the two repeats the batch,
 * which converges. Threads: as {@link StorageBackend} says.
 */
@ConsumerType
public abstract class NonTransactionalBackend extends PositionedBackend {
  /**
   * Stores complete rows with their versions, each in place of any row of its key. Repeatable.
   *
   * @param rows sorted by key, keys distinct
   */
  protected abstract void put(CollectionSchema schema, List<Row> rows);

  /** Removes the rows with these keys, as far as there are any. Repeatable. */
  protected abstract void delete(CollectionSchema schema, List<String> keys);

  @Override
  protected void apply(Batch batch) {
    batch.changes().forEach(this::apply);
  }

  private void apply(Batch.Changes changes) {
    List<String> wanted = new ArrayList<>();
    for (Mutation mutation : changes.mutations()) {
      if (mutation.kind() == Mutation.Kind.MERGE || mutation.kind() == Mutation.Kind.INSERT) {
        wanted.add(mutation.key());
      }
    }
    Map<String, Row> stored = read(changes.schema(), wanted);
    List<Row> rows = new ArrayList<>();
    List<String> deleted = new ArrayList<>();
    for (Mutation mutation : changes.mutations()) {
      Row before = stored.get(mutation.key());
      Row after = Merging.apply(before, mutation).orElse(null);
      boolean lostInsert = mutation.kind() == Mutation.Kind.INSERT && before != null;
      if (after == null) {
        deleted.add(mutation.key());
      } else if (!lostInsert) {
        rows.add(after.under(changes.schema()).withVersion(mutation.sequence()));
      }
    }
    if (!rows.isEmpty()) {
      put(changes.schema(), rows);
    }
    if (!deleted.isEmpty()) {
      delete(changes.schema(), deleted);
    }
  }

  private Map<String, Row> read(CollectionSchema schema, List<String> keys) {
    Map<String, Row> rows = new HashMap<>();
    if (!keys.isEmpty()) {
      try (RecordCursor cursor = scan(ScanRequest.of(schema, keys))) {
        for (Row row = cursor.next(); row != null; row = cursor.next()) {
          rows.put(row.key(), row);
        }
      }
    }
    return rows;
  }
}
