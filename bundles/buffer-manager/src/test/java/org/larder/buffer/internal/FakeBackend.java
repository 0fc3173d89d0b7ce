package org.larder.buffer.internal;

import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.NonTransactionalBackend;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;

/** A store in memory that does as it is told: fails, refuses, hangs. Free for any thread. */
class FakeBackend extends NonTransactionalBackend {
  final FakeStore store;

  /** The batches that were committed, in order. */
  final List<Batch> batches = new CopyOnWriteArrayList<>();

  /** The names of the calls, as they began. */
  final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

  final AtomicInteger syncs = new AtomicInteger();

  /** What is written from now on is never durable. */
  volatile boolean makesNothingDurable;

  private volatile Position durable;
  final Set<String> ensured = ConcurrentHashMap.newKeySet();

  /** Schemas that came with a batch before they were made ready. */
  final Set<String> unready = ConcurrentHashMap.newKeySet();

  private final String name;
  private final Set<Capability> capabilities;
  private final ConcurrentLinkedQueue<StorageException> failures = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Hang> hangs = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Hang> putHangs = new ConcurrentLinkedQueue<>();
  private volatile Predicate<Mutation> refused = item -> false;
  private volatile boolean refusedIndexKnown = true;
  private volatile int misnamed;
  private volatile StorageException always;
  private volatile RuntimeException answerLost;

  FakeBackend(FakeStore store) {
    this("main", store, Capability.INSERT_IF_ABSENT);
  }

  FakeBackend(String name, FakeStore store, Capability... capabilities) {
    this.name = name;
    this.store = store;
    this.capabilities = Set.of(capabilities);
  }

  /** The next writes fail. */
  FakeBackend fail(StorageException.Severity severity, String code, int times) {
    for (int i = 0; i < times; i++) {
      failures.add(new StorageException(severity, code, "as told"));
    }
    return this;
  }

  /** Every write fails, until null. */
  void failAlways(StorageException failure) {
    always = failure;
  }

  /** The next write takes effect, and then fails. */
  void loseNextAnswer(RuntimeException failure) {
    answerLost = failure;
  }

  /** Refuses items; whether it names them. */
  void refuse(boolean indexKnown, Predicate<Mutation> items) {
    refusedIndexKnown = indexKnown;
    refused = items;
  }

  /** Refusals name an item that is not there, as a plugin with a bug does. */
  void misnameRefusals() {
    misnamed = 1_000;
  }

  /** The next write hangs. */
  Hang hangNextWrite(boolean interruptible) {
    Hang hang = new Hang(interruptible);
    hangs.add(hang);
    return hang;
  }

  /** The next write hangs when it has looked at the position and is about to store rows. */
  Hang hangNextPut(boolean interruptible) {
    Hang hang = new Hang(interruptible);
    putHangs.add(hang);
    return hang;
  }

  @Override
  public BackendDescriptor descriptor() {
    return new BackendDescriptor(name, "fake", capabilities);
  }

  @Override
  public StoreState attach(Attachment attachment) {
    calls.add("attach");
    return super.attach(attachment);
  }

  @Override
  public void ensureCollection(CollectionSchema schema) {
    ensured.add(schema.toString());
  }

  @Override
  public WriteResult write(Batch batch) {
    calls.add("write");
    Hang hang = hangs.poll();
    if (hang != null) {
      hang.hang();
    }
    StorageException failure = always != null ? always : failures.poll();
    if (failure != null) {
      throw failure;
    }
    for (Batch.Changes changes : batch.changes()) {
      if (!ensured.contains(changes.schema().toString())) {
        unready.add(changes.schema().toString());
      }
      for (int i = 0; i < changes.mutations().size(); i++) {
        if (refused.test(changes.mutations().get(i))) {
          return new WriteResult.Refused(
              changes.schema().name(),
              refusedIndexKnown ? i + misnamed : -1,
              "TOO_LONG",
              "It is too long");
        }
      }
    }
    WriteResult result = commit(batch);
    RuntimeException lost = answerLost;
    if (lost != null) {
      answerLost = null;
      throw lost;
    }
    return result;
  }

  WriteResult commit(Batch batch) {
    WriteResult result = super.write(batch);
    batches.add(batch);
    return result;
  }

  @Override
  public Position sync(String follower, int lane) {
    syncs.incrementAndGet();
    Position position = super.sync(follower, lane);
    if (!makesNothingDurable) {
      durable = position;
    }
    return durable == null ? position : durable;
  }

  @Override
  protected void put(CollectionSchema schema, List<Row> rows) {
    Hang hang = putHangs.poll();
    if (hang != null) {
      hang.hang();
    }
    rows.forEach(store::put);
  }

  @Override
  protected void delete(CollectionSchema schema, List<String> keys) {
    keys.forEach(key -> store.delete(schema.name(), key));
  }

  @Override
  protected Optional<byte[]> readMetadata(String key) {
    return Optional.ofNullable(store.metadata(key));
  }

  @Override
  protected void writeMetadata(String key, byte[] value) {
    store.metadata(key, value);
  }

  @Override
  public RecordCursor scan(ScanRequest request) {
    Set<String> keys = request.keys().<Set<String>>map(HashSet::new).orElse(null);
    Iterator<Row> rows =
        store.rows(request.schema().name()).stream()
            .filter(row -> keys == null || keys.contains(row.key()))
            .filter(
                row ->
                    request.afterKey().isEmpty()
                        || Values.compareText(row.key(), request.afterKey().get()) > 0)
            .map(row -> row.under(request.schema()))
            .iterator();
    return new RecordCursor() {
      @Override
      public Row next() {
        return rows.hasNext() ? rows.next() : null;
      }

      @Override
      public void close() {
        // nothing is held
      }
    };
  }

  @Override
  public Probe probe(Duration budget) {
    return new Probe(Probe.Condition.UP, "", 0);
  }
}
