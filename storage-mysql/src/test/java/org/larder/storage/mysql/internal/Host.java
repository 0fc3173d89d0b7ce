package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
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
import org.larder.storage.spi.StorageException.Severity;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;

/** A host that writes notes to one database; for one thread. */
final class Host implements AutoCloseable {
  static final CollectionSchema NOTES =
      CollectionSchema.named("notes", 1)
          .key("note_id", 36)
          .field(Field.text("body"))
          .field(Field.int64("round"))
          .field(Field.instant("at"))
          .field(Field.decimal("price", 4))
          .index(Index.on("round"))
          .build();

  static final UUID JOURNAL = new UUID(1, 2);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(20);

  final MysqlBackend backend;
  private final long epoch;
  private long position;

  Host(MysqlBackend backend) {
    this(backend, 1);
  }

  Host(MysqlBackend backend, long epoch) {
    this.backend = backend;
    this.epoch = epoch;
  }

  StoreState attach() {
    return attach(Optional.empty());
  }

  StoreState attach(Optional<UUID> expected) {
    StoreState state =
        backend.attach(
            new Attachment("primary", 0, JOURNAL, epoch, expected, OptionalLong.empty()));
    position = state.position().sequence();
    backend.ensureCollection(NOTES);
    return state;
  }

  long position() {
    return position;
  }

  Batch batch(int rows, long round) {
    return batch(rows, round, MINUTE);
  }

  Batch batch(int rows, long round, Duration timeout) {
    List<Row> items = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      items.add(note("note-%08d".formatted(i), "round", round, "body", "The body of a note. "));
    }
    return batch(items, timeout);
  }

  static Row note(String key, Object... fields) {
    RowBuilder builder = Row.of(NOTES);
    try {
      builder.set("note_id", key);
      for (int i = 0; i < fields.length; i += 2) {
        builder.set((String) fields[i], fields[i + 1]);
      }
    } catch (InvalidRowException e) {
      throw new IllegalStateException(e);
    }
    return builder.build();
  }

  Batch batch(List<Row> rows, Duration timeout) {
    return batch(Mutation.Kind.MERGE, rows, timeout);
  }

  Batch batch(Mutation.Kind kind, List<Row> rows, Duration timeout) {
    List<Mutation> mutations = new ArrayList<>();
    for (Row row : rows) {
      mutations.add(new Mutation(kind, row, position + mutations.size()));
    }
    return new Batch(
        "primary",
        0,
        JOURNAL,
        epoch,
        position,
        position + rows.size(),
        List.of(new Batch.Changes(NOTES, mutations)),
        timeout);
  }

  /** Writes so many notes, the same keys each time. */
  void write(int rows, long round) {
    commit(batch(rows, round));
  }

  void commit(Batch batch) {
    assertThat(backend.write(batch)).isEqualTo(new WriteResult.Committed());
    position = batch.to();
  }

  void put(Row... rows) {
    commit(batch(List.of(rows), MINUTE));
  }

  long count() {
    return backend.aggregate(Aggregation.count(NOTES, Filter.ALL)).get(0).count(0);
  }

  /** How many notes are of that round. */
  long count(long round) {
    return backend.aggregate(Aggregation.count(NOTES, Filter.eq("round", round))).get(0).count(0);
  }

  /** What may fail while a server is away or busy. */
  interface Attempt<T> {
    T make();
  }

  /** Writes a batch, again and again until it is in, and says how often it failed. */
  long persist(Batch batch) {
    AtomicLong failures = new AtomicLong();
    persist(
        () -> {
          commit(batch);
          return true;
        },
        failures);
    return failures.get();
  }

  /** As {@link #count}; the pool may need some seconds to notice that the server is back. */
  long persistentCount(long round) {
    return persist(() -> count(round));
  }

  /** Makes an attempt, again and again until it succeeds. */
  static <T> T persist(Attempt<T> attempt) {
    return persist(attempt, new AtomicLong());
  }

  private static <T> T persist(Attempt<T> attempt, AtomicLong failures) {
    long start = System.nanoTime();
    while (true) {
      try {
        return attempt.make();
      } catch (StorageException e) {
        assertThat(e.severity()).as(e.getMessage()).isIn(Severity.RETRY, Severity.BUSY);
        assertThat(System.nanoTime() - start).as(e.getMessage()).isLessThan(PATIENCE.toNanos());
        failures.incrementAndGet();
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
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
