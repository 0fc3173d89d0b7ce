package org.larder.storage.sqlite.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.larder.storage.jdbc.Call;
import org.larder.storage.jdbc.Calls;
import org.larder.storage.jdbc.JdbcBackend;
import org.larder.storage.jdbc.JdbcReader;
import org.larder.storage.jdbc.JdbcWriter;
import org.larder.storage.jdbc.Migrations;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.SnapshotBackend;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps records in one SQLite database. One lock lets one thread at a time write; readers go on
 * beside it. The database is opened by the first call that needs it, and a new one is begun only by
 * an {@link #attach} that expects none.
 */
public final class SqliteBackend extends JdbcBackend implements SnapshotBackend {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteBackend.class);
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(60);
  private static final Duration COPY_LIMIT = Duration.ofHours(1);
  private static final Duration SYNC_LIMIT = Duration.ofSeconds(30);

  private static final SqliteDialect DIALECT = new SqliteDialect();

  private final SqliteSettings settings;
  private final Calls calls;
  private final Clock clock;
  private final FailedSync failedSync;
  private final Durability durability;
  private final Checkpoints checkpoints;
  private final StoreHandle handle;

  SqliteBackend(SqliteSettings settings) {
    this(settings, Migrations.beside(SqliteBackend.class, Clock.systemUTC()), Clock.systemUTC());
  }

  SqliteBackend(SqliteSettings settings, Migrations migrations, Clock clock) {
    this(settings, migrations, Durability::commitForced, Checkpoints::passive, clock);
  }

  SqliteBackend(
      SqliteSettings settings,
      Migrations migrations,
      Durability.Force commit,
      Durability.Force bringIn,
      Clock clock) {
    this(settings, migrations, commit, bringIn, clock, new Calls(settings.name()));
  }

  private SqliteBackend(
      SqliteSettings settings,
      Migrations migrations,
      Durability.Force commit,
      Durability.Force bringIn,
      Clock clock,
      Calls calls) {
    super(settings.name(), "sqlite", DIALECT, calls);
    this.settings = settings;
    this.clock = clock;
    this.calls = calls;
    failedSync = new FailedSync(settings.failedSync(), clock);
    durability = new Durability(commit, failedSync);
    checkpoints = new Checkpoints(settings.checkpointPages(), bringIn, durability);
    handle = new StoreHandle(settings, DIALECT, migrations, calls);
  }

  /** A backend with the usual settings, for programs outside a framework; closed by the caller. */
  public static SqliteBackend at(String name, Path file) {
    return new SqliteBackend(SqliteSettings.of(name, file));
  }

  @Override
  public StoreState attach(Attachment attachment) {
    return write(
        WRITE_LIMIT,
        call -> {
          if (handle.isAbsent() && attachment.expectedStore().isPresent()) {
            throw JdbcWriter.differentStore(attachment.expectedStore().get(), Optional.empty());
          }
          OpenStore store = handle.open(true);
          boolean isNew = store.writer().storeId().isEmpty();
          StoreState state =
              feedAgain(
                  attachment,
                  store.writer(),
                  store.writer().attach(attachment, format -> keepCopy(store, format, call)));
          store.setReady();
          if (isNew) {
            LOG.info("Began the new store {} in {}", state.storeId(), settings.file());
          }
          return state;
        });
  }

  /**
   * A follower begins again where the store was surely durable, if it is not known to be since: the
   * journal keeps what comes from there on.
   */
  private StoreState feedAgain(Attachment attachment, JdbcWriter writer, StoreState state)
      throws IOException {
    failedSync.find();
    Optional<Position> last =
        failedSync.beginAgain(state.storeId(), attachment.follower(), state.position());
    if (last.isEmpty() || attachment.startAt().isPresent()) {
      failedSync.begun(attachment.follower(), attachment.lane());
      return state;
    }
    long sequence = last.get().sequence();
    LOG.warn(
        "{} stands at {}, but is only known to be durable up to {}: {} goes on from there",
        settings.file(),
        state.position().sequence(),
        sequence,
        attachment.follower());
    Attachment again =
        new Attachment(
            attachment.follower(),
            attachment.lane(),
            attachment.journal(),
            attachment.epoch(),
            attachment.expectedStore(),
            OptionalLong.of(sequence));
    StoreState begun = writer.attach(again, format -> {});
    failedSync.begun(attachment.follower(), attachment.lane());
    return begun;
  }

  /**
   * Each migration of a store that holds something begins with a copy of it. One that is tried
   * again has its copy already, since nobody writes to the store before it succeeds.
   */
  private void keepCopy(OpenStore store, int format, Call call) throws SQLException {
    if (store.keptCopy().isPresent()) {
      return;
    }
    Path copy = settings.copyOfFormat(format, clock.instant());
    try {
      Snapshot.copy(settings, copy, call);
    } catch (IOException e) {
      throw new StorageException(
          RETRY, "STORE_UNAVAILABLE", "No copy before the migration: " + e.getMessage(), e);
    }
    store.setKeptCopy(copy);
    LOG.info("Migrating {}; what it was before is in {}", settings.file(), copy);
  }

  @Override
  public void ensureCollection(CollectionSchema schema) {
    write(
        WRITE_LIMIT,
        call -> {
          handle.ready().writer().ensureCollection(schema, call);
          return null;
        });
  }

  @Override
  public WriteResult write(Batch batch) {
    return write(
        batch.timeout(),
        call -> {
          OpenStore store = handle.ready();
          refuseIfDamaged(store);
          JdbcWriter writer = store.writer();
          WriteResult result = writer.write(batch, call);
          if (result instanceof WriteResult.Committed) {
            checkpoints.written(rows(batch), writer, store.connection(), call);
          }
          return result;
        });
  }

  private static int rows(Batch batch) {
    return batch.changes().stream().mapToInt(changes -> changes.mutations().size()).sum();
  }

  @Override
  public Position sync(String follower, int lane) {
    return write(
        SYNC_LIMIT,
        call -> {
          OpenStore store = handle.ready();
          refuseIfDamaged(store);
          store.requireSameFile();
          JdbcWriter writer = store.writer();
          Position position = writer.position(follower, lane);
          boolean forced = false;
          try {
            durability.force(store.connection(), call);
            forced = true;
          } finally {
            if (!forced) {
              writer.giveUp();
            }
          }
          failedSync.succeeded(writer.storeId().orElseThrow(), follower, position);
          return position;
        });
  }

  private static void refuseIfDamaged(OpenStore store) {
    store
        .check()
        .damage()
        .ifPresent(
            what -> {
              throw SqliteDialect.corrupt(what, null);
            });
  }

  @Override
  public void snapshot(Path target) throws IOException {
    reader();
    try (Call call = calls.begin(COPY_LIMIT)) {
      try {
        Snapshot.copy(settings, target, call);
      } catch (SQLException e) {
        throw call.explain(e, DIALECT);
      }
    }
  }

  @Override
  public Probe probe(Duration budget) {
    try {
      if (handle.isAbsent()) {
        return new Probe(Probe.Condition.UP, "There is no store yet", 0);
      }
      // Opening it would wait for whoever is at it, beyond the budget.
      OpenStore store = handle.current();
      if (store == null) {
        String trouble = handle.trouble();
        return trouble.isEmpty()
            ? new Probe(Probe.Condition.UP, "Nobody has needed it yet", handle.storedBytes())
            : new Probe(Probe.Condition.DOWN, trouble, handle.storedBytes());
      }
      if (!store.isReady()) {
        String detail = "It is of an older format";
        return new Probe(Probe.Condition.DOWN, detail, handle.storedBytes());
      }
      store.requireSameFile();
      store.reader().ping(budget);
      return store
          .check()
          .damage()
          .map(what -> SqliteDialect.corrupt(what, null).getMessage())
          .map(detail -> new Probe(Probe.Condition.DEGRADED, detail, handle.storedBytes()))
          .orElseGet(() -> new Probe(Probe.Condition.UP, "", handle.storedBytes()));
    } catch (StorageException | IOException e) {
      return new Probe(Probe.Condition.DOWN, e.getMessage(), handle.storedBytes());
    }
  }

  @Override
  protected JdbcReader reader() {
    OpenStore store = handle.current();
    boolean ready = store != null && store.isReady();
    return (ready ? store : write(SYNC_LIMIT, call -> handle.ready())).reader();
  }

  @Override
  protected void failed(StorageException failure) {
    OpenStore store = handle.current();
    if (store != null && failure.severity() == HALT && failure.code().equals("CORRUPT_STORE")) {
      store.check().report(failure.getMessage());
    }
  }

  /**
   * Stops: refuses new calls, waits half a second for those that run, then cancels their statements
   * until they have left, closes the database and gives up the lock. Ends within five seconds, and
   * within one after an interrupt; a call that has not left by then keeps the database open until
   * it has.
   */
  @Override
  public void close() {
    stop(
        (writing, hung) -> {
          if (hung || !writing.tryLock()) {
            LOG.error(
                "Backend {}: a call does not end; its database stays open, and no other instance"
                    + " gets it as long as the call lasts",
                settings.name());
            afterTheLastCall(this::closeLate);
            return;
          }
          try {
            handle.close();
          } finally {
            writing.unlock();
          }
        });
  }

  private void closeLate() {
    handle.close();
    LOG.info("Backend {}: the last call has ended; its database is closed", settings.name());
  }
}
