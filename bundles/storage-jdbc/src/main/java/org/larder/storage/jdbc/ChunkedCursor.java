package org.larder.storage.jdbc;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Row;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;

/**
 * A scan by key, in chunks that are a short statement each: a slow reader holds no connection, no
 * snapshot and no log of the database. The larger the rows turn out to be, the fewer are asked for.
 */
final class ChunkedCursor implements RecordCursor {
  private static final int CHUNK_ROWS = 1000;
  private static final int LEAST_ROWS = 8;
  private static final int CHUNK_BYTES = 4 << 20;
  private static final int CHUNK_KEYS = 500;

  private final JdbcReader store;
  private final Dialect dialect;
  private final CollectionSchema schema;
  private final RowReader reader;
  private final List<String> keys;
  private final boolean everyKey;
  private Optional<String> after;
  private Iterator<Row> chunk = List.<Row>of().iterator();
  private int limit = CHUNK_ROWS;
  private int nextKey;
  private int chunkEnd;
  private boolean finished;

  ChunkedCursor(JdbcReader store, Dialect dialect, ScanRequest request) {
    this.store = store;
    this.dialect = dialect;
    schema = request.schema();
    reader = new RowReader(schema);
    keys = request.keys().orElse(List.of());
    everyKey = request.keys().isEmpty();
    after = request.afterKey();
  }

  @Override
  public Row next() {
    while (!chunk.hasNext() && !finished) {
      fetch();
    }
    if (!chunk.hasNext()) {
      return null;
    }
    Row row = chunk.next();
    after = Optional.of(row.key());
    return row;
  }

  private void fetch() {
    if (!everyKey && nextKey >= keys.size()) {
      finished = true;
      return;
    }
    String key = dialect.quote(schema.key().name());
    SqlText sql =
        new SqlText()
            .add("SELECT ")
            .add(RowReader.columns(dialect, schema))
            .add(" FROM ")
            .add(dialect.quote(schema.name()))
            .add(" WHERE ");
    if (everyKey) {
      sql.add("1 = 1");
    } else {
      among(sql, key);
    }
    after.ifPresent(last -> sql.add(" AND " + key + " > ").value(last));
    sql.add(" ORDER BY " + key + " LIMIT ").value((long) limit);
    List<Row> rows = store.chunk(sql, reader, CHUNK_BYTES);
    long bytes = bytes(rows);
    if (rows.size() < limit && bytes < CHUNK_BYTES) {
      // The keys of this chunk are read to the end; so is the collection, if all were asked.
      nextKey = chunkEnd;
      finished = everyKey || nextKey == keys.size();
    }
    if (!rows.isEmpty()) {
      long fitting = CHUNK_BYTES / Math.max(1, bytes / rows.size());
      limit = (int) Math.max(LEAST_ROWS, Math.min(CHUNK_ROWS, fitting));
    }
    chunk = rows.iterator();
  }

  private static long bytes(List<Row> rows) {
    return rows.stream().mapToLong(Row::encodedLength).sum();
  }

  private void among(SqlText sql, String key) {
    chunkEnd = Math.min(keys.size(), nextKey + CHUNK_KEYS);
    sql.add(key + " IN (");
    for (int i = nextKey; i < chunkEnd; i++) {
      sql.add(i == nextKey ? "" : ", ").value(keys.get(i));
    }
    sql.add(")");
  }

  @Override
  public void close() {
    finished = true;
    chunk = List.<Row>of().iterator();
  }
}
