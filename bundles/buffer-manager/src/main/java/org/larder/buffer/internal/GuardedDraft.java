package org.larder.buffer.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.larder.buffer.DeleteOrigin;
import org.larder.buffer.Draft;
import org.larder.buffer.Guard;
import org.larder.journal.Append;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;

/** One run of a decision: what it may look at, and what it has written; for its thread. */
final class GuardedDraft implements Draft {
  private final Set<Guard> held;
  private final Catalogue catalogue;
  private final CurrentRecords records;
  private final long deadlineNanos;
  private final Set<Guard> lacking = new LinkedHashSet<>();
  private final Map<Guard, Optional<Row>> seen = new LinkedHashMap<>();
  private final Map<Guard, List<Mutation>> writtenOf = new LinkedHashMap<>();
  private final Map<String, FramePayload> payloads = new LinkedHashMap<>();
  private final List<Write> writes = new ArrayList<>();
  private boolean ended;

  GuardedDraft(Set<Guard> held, Catalogue catalogue, CurrentRecords records, long deadlineNanos) {
    this.held = Set.copyOf(held);
    this.catalogue = catalogue;
    this.records = records;
    this.deadlineNanos = deadlineNanos;
  }

  /** The place of a write: which of the items of its collection it is. */
  private record Write(String collection, int index) {}

  /** Ends a run that needs more guards than it has; the next has them. */
  private static final class BeginAnew extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BeginAnew() {
      super("The decision is begun anew with another guard", null, false, false);
    }
  }

  @Override
  public Optional<Row> row(String collection, String key) {
    CollectionSchema schema = schema(collection);
    Guard record = hold(collection, key);
    Optional<Row> row = seen.get(record);
    if (row == null) {
      row = records.row(schema, key, deadlineNanos);
      seen.put(record, row);
    }
    for (Mutation own : writtenOf.getOrDefault(record, List.of())) {
      row = Merging.apply(row.orElse(null), own);
    }
    return row.map(found -> found.under(schema));
  }

  @Override
  public Page query(Query query) {
    schema(query.schema().name());
    return records.query(query, deadlineNanos);
  }

  @Override
  public RowBuilder builder(String collection) {
    return new RowBuilder(schema(collection));
  }

  @Override
  public void write(Mutation.Kind kind, RowBuilder row) throws InvalidRowException {
    if (kind != Mutation.Kind.PUT && kind != Mutation.Kind.MERGE) {
      throw new IllegalArgumentException("A decision puts, merges or deletes");
    }
    row.checkComplete();
    append(kind, kind.code(), row);
  }

  @Override
  public void delete(String collection, String key, DeleteOrigin origin)
      throws InvalidRowException {
    RowBuilder row = builder(collection).setText(CollectionSchema.KEY, key);
    append(Mutation.Kind.DELETE, FramePayload.deleteCode(origin), row);
  }

  private void append(Mutation.Kind kind, int code, RowBuilder row) throws InvalidRowException {
    CollectionSchema schema = schema(row.schema().name());
    if (!schema.equals(row.schema())) {
      throw new IllegalArgumentException("A row is built by the newest schema, " + schema);
    }
    Mutation mutation = new Mutation(kind, row.build(), 0);
    Guard record = hold(schema.name(), mutation.key());
    FramePayload payload =
        payloads.computeIfAbsent(schema.name(), any -> new FramePayload(schema, 0));
    int index = payload.count();
    if (!payload.add(code, row)) {
      throw new IllegalStateException("A decision writes more than fits into one frame");
    }
    writes.add(new Write(schema.name(), index));
    writtenOf.computeIfAbsent(record, any -> new ArrayList<>(1)).add(mutation);
  }

  private CollectionSchema schema(String collection) {
    if (ended) {
      throw new IllegalStateException("The decision was made already");
    }
    CollectionSchema schema =
        catalogue
            .newest(collection)
            .orElseThrow(() -> new NoSuchElementException("No collection " + collection));
    if (!schema.isGuarded()) {
      throw new IllegalArgumentException("Collection " + collection + " is not guarded");
    }
    return schema;
  }

  private Guard hold(String collection, String key) {
    Guard record = Guard.record(collection, key);
    if (!held.contains(record)) {
      lacking.add(record);
      throw new BeginAnew();
    }
    return record;
  }

  /** What it needs and does not hold: then this run is void. */
  Set<Guard> lacking() {
    return lacking;
  }

  void end() {
    ended = true;
  }

  boolean isEmpty() {
    return writes.isEmpty();
  }

  /** All that was written, as one frame. */
  Cargo cargo(Consumer<Append> settled) {
    long bytes = payloads.values().stream().mapToLong(FramePayload::length).sum();
    if (bytes > FramePayload.MAX_BYTES) {
      throw new IllegalStateException("A decision writes more than fits into one frame");
    }
    Map<String, Integer> counts = new LinkedHashMap<>();
    payloads.forEach((collection, payload) -> counts.put(collection, payload.count()));
    return new Cargo(
        List.of(FramePayload.atomic(List.copyOf(payloads.values()))),
        counts,
        writes.size(),
        bytes,
        settled);
  }

  /** What was written, in the order of the frame. */
  List<Mutation> written() {
    List<Mutation> written = new ArrayList<>(writes.size());
    payloads.values().forEach(payload -> written.addAll(payload.items(0)));
    return written;
  }

  /** For each write in its order, the place of its item in the frame. */
  List<Long> places() {
    Map<String, Integer> starts = new LinkedHashMap<>();
    int start = 0;
    for (FramePayload payload : payloads.values()) {
      starts.put(payload.schema().name(), start);
      start += payload.count();
    }
    return writes.stream()
        .map(write -> (long) starts.get(write.collection()) + write.index())
        .toList();
  }
}
