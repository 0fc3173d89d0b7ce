package org.larder.rest.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.DeleteOrigin;
import org.larder.buffer.Durability;
import org.larder.buffer.Submission;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;

/** The items of one request, kept in memory; for one thread. */
public final class FakeSubmission implements Submission {
  private final RowBuilder builder;
  private final FakeBuffer buffer;
  private final List<Mutation> mutations = new ArrayList<>();
  private long reserved;

  /** Takes items for that collection; the buffer may be null if nothing is committed. */
  public FakeSubmission(CollectionSchema schema, FakeBuffer buffer) {
    this.builder = new RowBuilder(schema);
    this.buffer = buffer;
  }

  /** The rows taken so far. */
  public List<Row> rows() {
    return mutations.stream().map(Mutation::row).toList();
  }

  /** Bytes reserved besides those expected at the beginning. */
  public long reserved() {
    return reserved;
  }

  @Override
  public CollectionSchema schema() {
    return builder.schema();
  }

  @Override
  public RowBuilder row() {
    return builder.clear();
  }

  @Override
  public void add(Mutation.Kind kind) throws InvalidRowException {
    mutations.add(new Mutation(kind, builder.checkComplete().build(), 0));
  }

  @Override
  public void delete(String key, DeleteOrigin origin) throws InvalidRowException {
    Row row = builder.clear().setText(CollectionSchema.KEY, key).build();
    mutations.add(new Mutation(Mutation.Kind.DELETE, row, 0));
  }

  @Override
  public int size() {
    return mutations.size();
  }

  @Override
  public void reserve(long moreBytes) {
    reserved += moreBytes;
  }

  @Override
  public Acknowledgement commit(Durability wanted, Duration patience) {
    return buffer.commit(mutations, wanted);
  }

  @Override
  public void close() {
    mutations.clear();
  }
}
