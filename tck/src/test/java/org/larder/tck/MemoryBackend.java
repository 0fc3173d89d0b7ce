package org.larder.tck;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.NonTransactionalBackend;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;

/**
 * The least that a backend can be: it puts, deletes, scans and keeps a few bytes, in memory. Free
 * for any thread.
 */
class MemoryBackend extends NonTransactionalBackend {
  /** What outlives the backend. */
  static final class Memory {
    final Map<String, byte[]> metadata = new ConcurrentHashMap<>();
    final Map<String, NavigableMap<String, Row>> collections = new ConcurrentHashMap<>();
  }

  private final Memory memory;

  MemoryBackend(Memory memory) {
    this.memory = memory;
  }

  @Override
  public BackendDescriptor descriptor() {
    return new BackendDescriptor("memory", "memory", Set.of());
  }

  final NavigableMap<String, Row> rows(CollectionSchema schema) {
    return memory.collections.computeIfAbsent(
        schema.name(), any -> new ConcurrentSkipListMap<>(Values::compareText));
  }

  @Override
  protected void put(CollectionSchema schema, List<Row> rows) {
    rows.forEach(row -> rows(schema).put(row.key(), row));
  }

  @Override
  protected void delete(CollectionSchema schema, List<String> keys) {
    keys.forEach(rows(schema)::remove);
  }

  @Override
  protected Optional<byte[]> readMetadata(String name) {
    return Optional.ofNullable(memory.metadata.get(name));
  }

  @Override
  protected void writeMetadata(String name, byte[] value) {
    memory.metadata.put(name, Arrays.copyOf(value, value.length));
  }

  @Override
  public RecordCursor scan(ScanRequest request) {
    NavigableMap<String, Row> rows = rows(request.schema());
    if (request.afterKey().isPresent()) {
      rows = rows.tailMap(request.afterKey().get(), false);
    }
    Set<String> wanted = request.keys().map(HashSet::new).orElse(null);
    Iterator<Row> iterator =
        rows.values().stream()
            .filter(row -> wanted == null || wanted.contains(row.key()))
            .map(row -> row.under(request.schema()))
            .iterator();
    return new RecordCursor() {
      @Override
      public Row next() {
        return iterator.hasNext() ? iterator.next() : null;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Probe probe(Duration budget) {
    return new Probe(Probe.Condition.UP, "", -1);
  }
}
