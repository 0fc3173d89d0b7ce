package org.larder.storage.mysql.internal;

import static org.larder.storage.spi.StorageException.Severity.BUSY;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.larder.storage.jdbc.Call;
import org.larder.storage.jdbc.Calls;
import org.larder.storage.jdbc.Migrations;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Group;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.QueryBackend;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps records in one database of MySQL or MariaDB. One lock lets one thread at a time write;
 * readers go on beside it. The database is connected by the first call that needs it, and a new one
 * is begun only by an {@link #attach} that expects none. A call that has to end early ends its
 * connection: the server undoes what was not committed, and the position tells what was.
 */
public final class MysqlBackend implements QueryBackend, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MysqlBackend.class);
  private static final Duration GRACE = Duration.ofMillis(500);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(4);
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(60);
  private static final Duration SYNC_LIMIT = Duration.ofSeconds(30);

  private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);

  /** An index on a large table takes its time. */
  private static final Duration DEFINITION_LIMIT = Duration.ofHours(1);

  /** Failures are the same in both kinds. */
  static final MysqlDialect EITHER_KIND = new MysqlDialect(ServerKind.MYSQL);

  private final MysqlSettings settings;
  private final BackendDescriptor descriptor;
  private final Calls calls;
  private final ReentrantLock writing = new ReentrantLock(true);
  private final StoreHandle handle;
  private final Inspection inspection;
  private final Map<String, Long> durable = new HashMap<>();
  private boolean warned;

  MysqlBackend(MysqlSettings settings) {
    this(settings, Migrations.beside(MysqlBackend.class, Clock.systemUTC()));
  }

  MysqlBackend(MysqlSettings settings, Migrations migrations) {
    this.settings = settings;
    calls = new Calls(settings.name(), MysqlBackend::endConnection);
    handle = new StoreHandle(settings, migrations, calls);
    inspection = new Inspection(handle, calls);
    descriptor =
        new BackendDescriptor(
            settings.name(),
            "mysql",
            Set.of(Capability.ATOMIC_POSITION, Capability.INSERT_IF_ABSENT));
  }

  /** A backend with the usual settings, for programs outside a framework; closed by the caller. */
  public static MysqlBackend at(String name, String url, String user, String password) {
    return new MysqlBackend(MysqlSettings.of(name, url, user, password));
  }

  /** Cancelling as the driver does it would ask the server, which may be why the call is stuck. */
  private static void endConnection(Statement statement) throws SQLException {
    statement.getConnection().abort(Runnable::run);
  }

  @Override
  public BackendDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public StoreState attach(Attachment attachment) {
    return write(
        WRITE_LIMIT,
        call -> {
          OpenStore store = handle.openFor(attachment, call);
          StoreState state =
              store.writer(call, WRITE_LIMIT).attach(attachment, this::announceMigration);
          store.setReady(state.storeId());
          return state;
        });
  }

  private void announceMigration(int format) {
    LOG.info(
        "Backend {}: migrating a store of format {}; a copy of it is for the database's own tools",
        settings.name(),
        format);
  }

  @Override
  public void ensureCollection(CollectionSchema schema) {
    write(
        DEFINITION_LIMIT,
        call -> {
          handle.ready(call).writer(call, DEFINITION_LIMIT).ensureCollection(schema, call);
          return null;
        });
  }

  @Override
  public WriteResult write(Batch batch) {
    return write(
        batch.timeout(),
        call -> handle.ready(call).writer(call, batch.timeout()).write(batch, call));
  }

  /**
   * Commits are durable when the server forces them. If it does not, but forces its log when asked,
   * it is asked; else the last position that was durable is the answer, and the journal keeps the
   * rest.
   */
  @Override
  public Position sync(String follower, int lane) {
    return write(
        SYNC_LIMIT,
        call -> {
          OpenStore store = handle.ready(call);
          Position position = store.writer(call, SYNC_LIMIT).position(follower, lane);
          String key = follower + " " + lane;
          if (isDurable(store)) {
            durable.put(key, position.sequence());
          }
          long sequence = Math.min(position.sequence(), durable.getOrDefault(key, 0L));
          return new Position(position.journal(), position.epoch(), lane, sequence);
        });
  }

  private boolean isDurable(OpenStore store) throws SQLException {
    Durability durability = Durability.of(store.connection());
    if (durability.isGiven()) {
      warned = false;
      return true;
    }
    if (durability.isLogForced() && forceLog(store)) {
      return true;
    }
    if (!warned) {
      LOG.warn("Backend {}: {}", settings.name(), durability.weakness());
      warned = true;
    }
    return false;
  }

  /** False if the account has no right to. */
  private static boolean forceLog(OpenStore store) throws SQLException {
    try (Statement statement = store.connection().createStatement()) {
      statement.execute("FLUSH NO_WRITE_TO_BINLOG ENGINE LOGS");
      return true;
    } catch (SQLException e) {
      if (MysqlErrors.translate(e).code().equals("STORE_DENIED")) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public RecordCursor scan(ScanRequest request) {
    return reading().reader().scan(request);
  }

  @Override
  public Page query(Query query) {
    return reading().reader().query(query);
  }

  @Override
  public List<Group> aggregate(Aggregation aggregation) {
    return reading().reader().aggregate(aggregation);
  }

  @Override
  public Probe probe(Duration budget) {
    return inspection.probe(budget);
  }

  private OpenStore reading() {
    OpenStore store = handle.current();
    return store != null && store.isReady() ? store : write(OPEN_LIMIT, handle::ready);
  }

  private interface Work<T> {
    T run(Call call) throws SQLException;
  }

  private <T> T write(Duration limit, Work<T> work) {
    try (Call call = calls.begin(limit)) {
      if (!writing.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new StorageException(BUSY, "STORE_BUSY", "Another call is still writing");
      }
      try {
        call.check();
        return work.run(call);
      } catch (SQLException e) {
        StorageException meaning = call.explain(e, EITHER_KIND);
        giveUpIfAway(meaning);
        throw meaning;
      } catch (StorageException e) {
        giveUpIfAway(e);
        throw e;
      } finally {
        call.release();
        writing.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(RETRY, "INTERRUPTED", "The call was interrupted", e);
    }
  }

  /** The next call looks for a server that takes writes. */
  private void giveUpIfAway(StorageException failure) {
    OpenStore store = handle.current();
    boolean away =
        failure.code().equals("STORE_UNAVAILABLE") || failure.code().equals(MysqlErrors.READ_ONLY);
    if (store != null && away) {
      store.giveUp();
    }
  }

  /**
   * Stops: refuses new calls, waits half a second for those that run, then ends their connections
   * until they have left, and closes the rest. Ends within five seconds.
   */
  @Override
  public void close() {
    calls.refuse();
    boolean interrupted = false;
    try {
      if (!calls.drain(GRACE, STOP_LIMIT)) {
        LOG.warn("Backend {}: a call does not end; its connection is cut", settings.name());
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    try {
      if (writing.tryLock()) {
        try {
          handle.close();
        } finally {
          writing.unlock();
        }
      } else {
        // Whoever has the lock waits for a server, and will find the backend stopped.
        handle.cut();
      }
    } finally {
      calls.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
