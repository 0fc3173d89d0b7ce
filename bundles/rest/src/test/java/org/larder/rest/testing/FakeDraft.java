package org.larder.rest.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.larder.buffer.Consistency;
import org.larder.buffer.DeleteOrigin;
import org.larder.buffer.Draft;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;

/** What one decision reads and writes in a {@link FakeBuffer}; for one thread. */
final class FakeDraft implements Draft {
  private final FakeBuffer buffer;
  private final List<Mutation> written = new ArrayList<>();

  FakeDraft(FakeBuffer buffer) {
    this.buffer = buffer;
  }

  List<Mutation> written() {
    return written;
  }

  @Override
  public Optional<Row> row(String collection, String key) {
    guarded(collection);
    Optional<Row> row = buffer.get(collection, key, Consistency.BUFFERED).value();
    for (Mutation own : written) {
      if (own.collection().equals(collection) && own.key().equals(key)) {
        row = Merging.apply(row.orElse(null), own);
      }
    }
    return row;
  }

  @Override
  public Page query(Query query) {
    guarded(query.schema().name());
    return buffer.query(query, Consistency.BUFFERED).value();
  }

  @Override
  public RowBuilder builder(String collection) {
    return new RowBuilder(guarded(collection));
  }

  @Override
  public void write(Mutation.Kind kind, RowBuilder row) throws InvalidRowException {
    written.add(new Mutation(kind, row.checkComplete().build(), 0));
  }

  @Override
  public void delete(String collection, String key, DeleteOrigin origin)
      throws InvalidRowException {
    Row row = builder(collection).setText(CollectionSchema.KEY, key).build();
    written.add(new Mutation(Mutation.Kind.DELETE, row, 0));
  }

  private CollectionSchema guarded(String collection) {
    CollectionSchema schema = buffer.collection(collection).orElseThrow();
    if (!schema.isGuarded()) {
      throw new IllegalArgumentException(collection + " is not guarded");
    }
    return schema;
  }
}
