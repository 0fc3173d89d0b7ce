package org.larder.storage.mysql.internal;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.larder.storage.jdbc.Call;
import org.larder.storage.jdbc.Calls;
import org.larder.storage.jdbc.JdbcBackend;
import org.larder.storage.jdbc.JdbcReader;
import org.larder.storage.jdbc.Migrations;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.PoolUsage;
import org.larder.storage.spi.PooledBackend;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.Probe;
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
public final class MysqlBackend extends JdbcBackend implements PooledBackend {
  private static final Logger LOG = LoggerFactory.getLogger(MysqlBackend.class);
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(60);
  private static final Duration SYNC_LIMIT = Duration.ofSeconds(30);

  private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);

  /** An index on a large table takes its time. */
  private static final Duration DEFINITION_LIMIT = Duration.ofHours(1);

  /** Failures are the same in both kinds. */
  static final MysqlDialect EITHER_KIND = new MysqlDialect(ServerKind.MYSQL);

  private final MysqlSettings settings;
  private final StoreHandle handle;
  private final Inspection inspection;
  private final Map<String, Long> durable = new HashMap<>();
  private boolean warned;

  MysqlBackend(MysqlSettings settings) {
    this(settings, Migrations.beside(MysqlBackend.class, Clock.systemUTC()));
  }

  MysqlBackend(MysqlSettings settings, Migrations migrations) {
    // Cancelling as the driver does it would ask the server, which may be why the call is stuck.
    this(settings, migrations, new Calls(settings.name(), Sockets::cut));
  }

  private MysqlBackend(MysqlSettings settings, Migrations migrations, Calls calls) {
    super(settings.name(), "mysql", EITHER_KIND, calls, settings.writing());
    this.settings = settings;
    handle = new StoreHandle(settings, migrations, calls);
    inspection = new Inspection(handle, calls);
  }

  /** A backend with the usual settings, for programs outside a framework; closed by the caller. */
  public static MysqlBackend at(String name, String url, String user, String password) {
    return new MysqlBackend(MysqlSettings.of(name, url, user, password));
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
          Position position = state.position();
          durable.computeIfPresent(
              durableKey(attachment.follower(), position),
              (key, sequence) -> Math.min(sequence, position.sequence()));
          return state;
        });
  }

  /** What was durable of one journal says nothing about another. */
  private static String durableKey(String follower, Position position) {
    return follower + " " + position.lane() + " " + position.journal();
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
          String key = durableKey(follower, position);
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
  public Probe probe(Duration budget) {
    return inspection.probe(budget);
  }

  @Override
  public Optional<PoolUsage> pool() {
    return Optional.ofNullable(handle.current()).map(OpenStore::poolUsage);
  }

  /**
   * One of those who read while the server is away looks for another; there may be no writes. Where
   * somebody writes, it is that one who notices, and the readers that are left go on.
   */
  @Override
  protected JdbcReader reader() {
    OpenStore store = handle.current();
    if (store == null || !store.isReady()) {
      return write(OPEN_LIMIT, handle::connected).reader();
    }
    boolean away = handle.servers().isAway();
    return (away ? writeIfFree(OPEN_LIMIT, this::connected, () -> store) : store).reader();
  }

  private OpenStore connected(Call call) throws SQLException {
    return handle.servers().wasFoundAway() ? handle.connected(call) : handle.ready(call);
  }

  /** The next call looks for a server that takes writes. */
  @Override
  protected void failed(StorageException failure) {
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
    stop(
        (writing, hung) -> {
          if (hung) {
            LOG.warn("Backend {}: a call does not end; its connection is cut", settings.name());
          }
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
        });
  }
}
