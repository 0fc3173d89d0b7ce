package org.larder.storage.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Index;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Filter;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;

/** A host that writes notes to one database; for one thread. */
final class Host implements AutoCloseable {
  static final CollectionSchema NOTES = notes(1).build();

  private static final UUID JOURNAL = new UUID(1, 2);

  final SqliteBackend backend;
  private long position;

  Host(SqliteSettings settings) {
    this(new SqliteBackend(settings));
  }

  Host(SqliteBackend backend) {
    this.backend = backend;
  }

  /** The notes, to which later versions add. */
  static CollectionSchema.Builder notes(int version) {
    return CollectionSchema.named("notes", version)
        .key("note_id", 36)
        .field(Field.text("body"))
        .field(Field.int64("round"))
        .field(Field.instant("at"))
        .field(Field.decimal("price", 4))
        .index(Index.on("round"));
  }

  static Host at(Path folder) {
    return new Host(settings(folder));
  }

  static SqliteSettings settings(Path folder) {
    return SqliteSettings.of("main", folder.resolve("larder.db"));
  }

  StoreState attach() {
    StoreState state =
        backend.attach(
            new Attachment("primary", 0, JOURNAL, 1, Optional.empty(), OptionalLong.empty()));
    position = state.position().sequence();
    backend.ensureCollection(NOTES);
    return state;
  }

  long position() {
    return position;
  }

  Batch batch(int rows, long round, Duration timeout) {
    List<Mutation> mutations = new ArrayList<>();
    RowBuilder builder = Row.of(NOTES);
    try {
      for (int i = 0; i < rows; i++) {
        builder.clear();
        builder.set("note_id", "note-%08d".formatted(i));
        builder.set("body", "The body of a note that is as long as such notes are. ".repeat(4));
        builder.set("round", round);
        mutations.add(new Mutation(Mutation.Kind.MERGE, builder.build(), position + i));
      }
    } catch (InvalidRowException e) {
      throw new IllegalStateException(e);
    }
    return new Batch(
        "primary",
        0,
        JOURNAL,
        1,
        position,
        position + rows,
        List.of(new Batch.Changes(NOTES, mutations)),
        timeout);
  }

  /** Writes so many notes, the same keys each time. */
  void write(int rows, long round) {
    commit(batch(rows, round, Duration.ofSeconds(60)));
  }

  void commit(Batch batch) {
    assertThat(backend.write(batch)).isEqualTo(new WriteResult.Committed());
    position = batch.to();
  }

  long count() {
    return backend.aggregate(Aggregation.count(NOTES, Filter.ALL)).get(0).count(0);
  }

  /** What is wrong with a call; fails if nothing is. */
  static StorageException failure(ThrowingCallable call) {
    StorageException failure = catchThrowableOfType(StorageException.class, call);
    assertThat(failure).as("the call fails").isNotNull();
    return failure;
  }

  @Override
  public void close() {
    backend.close();
  }
}
