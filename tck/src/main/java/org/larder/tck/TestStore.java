package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.larder.storage.spi.StorageException.Severity.BUSY;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Evaluator;
import org.larder.storage.query.Group;
import org.larder.storage.query.Page;
import org.larder.storage.query.Queries;
import org.larder.storage.query.Query;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.QueryBackend;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;
import org.larder.tck.report.Outcome;
import org.larder.tck.report.Remark;
import org.larder.tck.report.Subject;

/**
 * One store and a host that writes to it: it knows the journal, the epoch and the position. Opened
 * when first used. Not for several threads, but for what {@link #backend} gives.
 */
public final class TestStore {
  /** The follower that {@link #write} stands for. */
  public static final String FOLLOWER = "primary";

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Opens a backend. */
  public interface Opener {
    /** The backend, open. */
    StorageBackend open() throws Exception;
  }

  /** Closes a backend. */
  public interface Closer {
    /** Closes it. */
    void close(StorageBackend backend) throws Exception;
  }

  private final Opener opener;
  private final Closer closer;
  private final UUID journal = UUID.randomUUID();
  private StorageBackend backend;
  private boolean attached;
  private long position;
  private Remark remark;

  TestStore(Opener opener, Closer closer) {
    this.opener = opener;
    this.closer = closer;
  }

  /** The backend, open. */
  public StorageBackend backend() {
    if (backend == null) {
      try {
        backend = opener.open();
      } catch (Exception e) {
        throw new AssertionError("The backend does not open", e);
      }
    }
    return backend;
  }

  /** Closes the backend and opens the store in another way, until it is opened again. */
  public void openBy(Opener other) throws Exception {
    close();
    backend = other.open();
  }

  /** The backend as it describes itself, if it is open and does. */
  public Optional<Subject> subject() {
    try {
      return Optional.ofNullable(backend).map(Subject::of);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** What the running test has said of itself. */
  public Optional<Remark> remark() {
    return Optional.ofNullable(remark);
  }

  /** Notes for the report that the backend refused a call that it does not declare. */
  public void refused(String how) {
    remark = new Remark(Outcome.REFUSED, how);
  }

  /** Notes for the report that there was nothing to be refused, and what holds instead. */
  public void doesNotApply(String why) {
    remark = new Remark(Outcome.NOT_APPLICABLE, why);
  }

  /** What the test class offers, if it does; what it says otherwise is noted for the report. */
  public <T> Optional<T> take(String method, Offer<T> offer) {
    if (offer instanceof Offer.Made<T> made) {
      return Optional.of(made.value());
    }
    remark =
        offer instanceof Offer.Declined<T> declined
            ? new Remark(Outcome.NOT_APPLICABLE, declined.why())
            : new Remark(Outcome.NOT_TRIED, "The test class does not override " + method + "().");
    return Optional.empty();
  }

  /** The journal that the host writes from. */
  public UUID journal() {
    return journal;
  }

  /** Where the host stands. */
  public long position() {
    return position;
  }

  /** Makes the collections ready, having attached the host with epoch 1. */
  public void prepare(CollectionSchema... schemas) {
    if (!attached) {
      position = attach(1).position().sequence();
      attached = true;
    }
    for (CollectionSchema schema : schemas) {
      backend().ensureCollection(schema);
    }
  }

  /** Attaches the host. */
  public StoreState attach(long epoch) {
    return backend().attach(attachment(epoch, OptionalLong.empty()));
  }

  /** The host's claim. */
  public Attachment attachment(long epoch, OptionalLong startAt) {
    return new Attachment(FOLLOWER, 0, journal, epoch, Optional.empty(), startAt);
  }

  /** Closes the backend and opens it again. */
  public void reopen() throws Exception {
    close();
  }

  void close() throws Exception {
    if (backend != null) {
      closer.close(backend);
      backend = null;
    }
  }

  /** A batch from where the host stands; the mutations get the sequences in between. */
  public Batch batch(CollectionSchema schema, Mutation... mutations) {
    return batch(1, position, schema, mutations);
  }

  /** A batch from anywhere. */
  public Batch batch(long epoch, long from, CollectionSchema schema, Mutation... mutations) {
    List<Mutation> sorted = new ArrayList<>(Arrays.asList(mutations));
    sorted.sort(Comparator.comparing(Mutation::key, Values::compareText));
    List<Batch.Changes> changes =
        mutations.length == 0 ? List.of() : List.of(new Batch.Changes(schema, sorted));
    return batch(epoch, from, from + Math.max(1, mutations.length), changes);
  }

  /** A batch of the host. */
  public Batch batch(long epoch, long from, long to, List<Batch.Changes> changes) {
    return new Batch(FOLLOWER, 0, journal, epoch, from, to, changes, TIMEOUT);
  }

  /** Writes mutations and expects them to be taken. */
  public void write(CollectionSchema schema, Mutation... mutations) {
    commit(batch(schema, mutations));
  }

  /** Writes rows as merges and expects them to be taken. */
  public void merge(CollectionSchema schema, List<Row> rows) {
    Mutation[] mutations = new Mutation[rows.size()];
    for (int i = 0; i < mutations.length; i++) {
      mutations[i] = new Mutation(Mutation.Kind.MERGE, rows.get(i), position + i);
    }
    write(schema, mutations);
  }

  /** Writes a batch and expects it to be taken. */
  public void commit(Batch batch) {
    assertThat(backend().write(batch)).isInstanceOf(WriteResult.Committed.class);
    position = batch.to();
  }

  /** Repeats a call that is to be repeated, as the host does. */
  public static <T> T persist(Callable<T> call) throws Exception {
    long giveUp = System.nanoTime() + TIMEOUT.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (true) {
      try {
        return call.call();
      } catch (StorageException e) {
        boolean again = e.severity() == RETRY || e.severity() == BUSY;
        if (!again || System.nanoTime() > giveUp) {
          throw e;
        }
        boolean unused = never.await(50, TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Expects a call to fail in a way. */
  public static StorageException expect(StorageException.Severity severity, ThrowingCallable call) {
    StorageException failure = catchThrowableOfType(StorageException.class, call);
    assertThat(failure).as("a StorageException with severity %s", severity).isNotNull();
    assertThat(failure.severity()).as(failure.getMessage()).isEqualTo(severity);
    assertThat(failure.code()).isNotBlank();
    return failure;
  }

  /** All rows of a collection, in the order of a scan. */
  public List<Row> rows(CollectionSchema schema) {
    return scan(ScanRequest.all(schema));
  }

  /** The rows of a scan. */
  public List<Row> scan(ScanRequest request) {
    List<Row> rows = new ArrayList<>();
    try (RecordCursor cursor = backend().scan(request)) {
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        rows.add(row);
      }
      assertThat(cursor.next()).as("behind the last row").isNull();
    }
    return rows;
  }

  /** The row with that key; empty if there is none. */
  public Optional<Row> row(CollectionSchema schema, String key) {
    List<Row> rows = scan(ScanRequest.of(schema, List.of(key)));
    return rows.stream().findFirst();
  }

  /** A page, by the backend or, where it pushes nothing down, as the host finds it. */
  public Page ask(Query query) {
    Queries.check(query);
    if (backend() instanceof QueryBackend pushed) {
      return pushed.query(query);
    }
    try (RecordCursor cursor = backend().scan(ScanRequest.all(query.schema()))) {
      return Evaluator.query(query, cursor);
    }
  }

  /** Figures, by the backend or, where it pushes nothing down, as the host finds them. */
  public List<Group> ask(Aggregation aggregation) {
    Queries.check(aggregation);
    if (backend() instanceof QueryBackend pushed) {
      return pushed.aggregate(aggregation);
    }
    try (RecordCursor cursor = backend().scan(ScanRequest.all(aggregation.schema()))) {
      return Evaluator.aggregate(aggregation, cursor);
    }
  }
}
