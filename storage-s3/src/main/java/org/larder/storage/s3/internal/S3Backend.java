package org.larder.storage.s3.internal;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.larder.storage.blob.BlobException;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.PositionedBackend;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StoreState;

/**
 * Keeps records in S3 as they come: each collection's part of a batch is an object of its own,
 * compressed JSON lines sorted by key, never changed again ({@link BatchName}, {@link
 * MutationWriter}). It holds mutations, not rows: a scan folds them by the one definition of what
 * they do, in the order of their sequences. So an object that is written again, alone or as part of
 * a longer one, changes nothing.
 *
 * <p>Made for mirrors, archives and what is read seldom. A write takes one request a collection,
 * and once a second another that keeps the position ({@link Positions}). A scan fetches all objects
 * of the collection, whatever it is asked for; {@link CollectionLines} says what that takes.
 * Nothing is compacted.
 *
 * <p>Free for any thread; two threads share only the pool of connections and small caches.
 */
public final class S3Backend extends PositionedBackend implements AutoCloseable {
  private static final String STORE_ID = "store_id";

  private final S3Settings settings;
  private final Path temporary;
  private final Clock clock;
  private final BackendDescriptor descriptor;
  private final Bucket bucket;
  private final State state;
  private final Positions positions;
  private final Schemas schemas;
  private volatile boolean closed;
  private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();

  /** The batch that a follower wrote last, and the day that it was filed under. */
  private record Attempt(long from, LocalDate day) {}

  /**
   * A backend over a part of a bucket.
   *
   * @param temporary the folder for what a scan fetches
   */
  S3Backend(S3Settings settings, Path temporary, Clock clock) {
    this(new Bucket(settings), temporary, clock);
  }

  S3Backend(Bucket bucket, Path temporary, Clock clock) {
    this.bucket = bucket;
    settings = bucket.settings();
    this.temporary = temporary;
    this.clock = clock;
    descriptor =
        new BackendDescriptor(
            settings.name(), "s3", Set.of(Capability.INSERT_IF_ABSENT, Capability.SNAPSHOT_SCAN));
    state = new State(bucket);
    positions = new Positions(state, clock);
    schemas = new Schemas(bucket);
  }

  @Override
  public BackendDescriptor descriptor() {
    return descriptor;
  }

  private <T> T explained(Supplier<T> requests) {
    try {
      return requests.get();
    } catch (RuntimeException e) {
      throw Failure.isKnown(e) ? Failure.of(e, settings).forFollower() : e;
    } catch (LinkageError e) {
      if (!closed) {
        throw e;
      }
      // The bundle is gone under the call, and with it the classes that the SDK had yet to load.
      throw new StorageException(RETRY, BlobException.STOPPING, "The store is stopping", e);
    }
  }

  private void explain(Runnable requests) {
    explained(
        () -> {
          requests.run();
          return null;
        });
  }

  @Override
  public StoreState attach(Attachment attachment) {
    String name = Positions.name(attachment.follower(), attachment.lane());
    explain(() -> positions.forget(name));
    if (explained(() -> positions.isSetBack(name, attachment))) {
      // Before the position: what was written beyond it must not win over what comes now.
      explain(() -> state.followAnew(attachment.journal()));
    }
    StoreState attached = super.attach(attachment);
    explain(() -> positions.keep(name));
    if (attached.position().journal().equals(attachment.journal())) {
      explain(() -> state.follow(attachment.journal()));
    }
    return attached;
  }

  /** What was written is durable, how far that is may not be yet: that is kept, and no less. */
  @Override
  public Position sync(String follower, int lane) {
    Position reached = super.sync(follower, lane);
    explain(() -> positions.keep(Positions.name(follower, lane)));
    return reached;
  }

  @Override
  public void ensureCollection(CollectionSchema schema) {
    explain(() -> schemas.keep(schema));
  }

  @Override
  protected void apply(Batch batch) {
    explain(() -> store(batch));
  }

  private void store(Batch batch) {
    int generation = state.generation(batch.journal());
    LocalDate day = day(batch);
    BatchName name =
        new BatchName(batch.from(), batch.to(), batch.follower(), batch.lane(), generation);
    for (Batch.Changes changes : batch.changes()) {
      if (!changes.mutations().isEmpty()) {
        changes.mutations().stream()
            .map(mutation -> mutation.row().schema())
            .distinct()
            .forEach(schemas::keep);
        store(name.in(changes.schema().name(), day), changes, batch.timeout());
      }
    }
  }

  private void store(String name, Batch.Changes changes, Duration timeout) {
    byte[] lines = MutationWriter.write(changes.mutations());
    bucket.put(
        name,
        lines,
        lines.length,
        request ->
            request
                .contentType("application/gzip")
                .overrideConfiguration(override -> override.apiCallTimeout(timeout)));
  }

  /** Today, or the day of the first attempt, so that a repeated write replaces itself. */
  private LocalDate day(Batch batch) {
    return attempts
        .compute(
            batch.follower() + "-" + batch.lane(),
            (follower, last) ->
                last != null && last.from() == batch.from()
                    ? last
                    : new Attempt(
                        batch.from(), LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)))
        .day();
  }

  @Override
  public RecordCursor scan(ScanRequest request) {
    String collection = request.schema().name();
    MutationReader reader =
        new MutationReader(version -> explained(() -> schemas.find(collection, version)));
    try {
      LineSource lines = lines(collection);
      boolean opened = false;
      try {
        RecordCursor cursor = new FoldingCursor(lines, reader, request);
        opened = true;
        return cursor;
      } finally {
        if (!opened) {
          lines.close();
        }
      }
    } catch (IOException e) {
      throw FoldingCursor.explain(e);
    }
  }

  private LineSource lines(String collection) throws IOException {
    try {
      return CollectionLines.open(bucket, collection, temporary);
    } catch (RuntimeException e) {
      throw Failure.isKnown(e) ? Failure.of(e, settings).forFollower() : e;
    }
  }

  @Override
  public Probe probe(Duration budget) {
    try {
      bucket.look(budget);
      return new Probe(Probe.Condition.UP, "", -1);
    } catch (RuntimeException e) {
      if (!Failure.isKnown(e)) {
        throw e;
      }
      return new Probe(Probe.Condition.DOWN, Failure.of(e, settings).message(), -1);
    }
  }

  @Override
  protected Optional<byte[]> readMetadata(String name) {
    return explained(() -> name.equals(STORE_ID) ? state.read(name) : positions.read(name));
  }

  @Override
  protected void writeMetadata(String name, byte[] value) {
    explain(() -> state.write(name, value));
  }

  @Override
  protected void replaceMetadata(String name, Optional<byte[]> read, byte[] value) {
    explain(
        () -> {
          if (name.equals(STORE_ID)) {
            state.create(name, value);
          } else {
            positions.replace(name, read, value);
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    positions.close();
    bucket.close();
  }
}
