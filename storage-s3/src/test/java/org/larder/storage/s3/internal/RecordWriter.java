package org.larder.storage.s3.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.WriteResult;

/** A host that follows one journal, under epoch 1; for one thread. */
record RecordWriter(StorageBackend backend, UUID journal) {
  static final String FOLLOWER = "mirror";

  long attach(OptionalLong startAt) {
    return backend
        .attach(new Attachment(FOLLOWER, 0, journal, 1, Optional.empty(), startAt))
        .position()
        .sequence();
  }

  Batch batch(long from, long to, CollectionSchema schema, Mutation... mutations) {
    List<Mutation> sorted = new ArrayList<>(List.of(mutations));
    sorted.sort(Comparator.comparing(Mutation::key, Values::compareText));
    List<Batch.Changes> changes = List.of(new Batch.Changes(schema, sorted));
    return new Batch(FOLLOWER, 0, journal, 1, from, to, changes, Duration.ofSeconds(20));
  }

  void write(long from, long to, CollectionSchema schema, Mutation... mutations) {
    assertThat(backend.write(batch(from, to, schema, mutations)))
        .isInstanceOf(WriteResult.Committed.class);
  }

  List<Row> rows(CollectionSchema schema) {
    List<Row> rows = new ArrayList<>();
    try (RecordCursor cursor = backend.scan(ScanRequest.all(schema))) {
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        rows.add(row);
      }
    }
    return rows;
  }
}
