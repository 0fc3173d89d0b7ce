package org.larder.storage.mysql.internal;

import static org.larder.storage.spi.StorageException.Severity.BUSY;
import static org.larder.storage.spi.StorageException.Severity.HALT;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.larder.storage.jdbc.Call;
import org.larder.storage.jdbc.CallConnection;
import org.larder.storage.jdbc.Calls;
import org.larder.storage.jdbc.JdbcReader;
import org.larder.storage.jdbc.JdbcWriter;
import org.larder.storage.jdbc.Migrations;
import org.larder.storage.jdbc.PartWriters;
import org.larder.storage.jdbc.Partition;
import org.larder.storage.spi.PoolUsage;
import org.larder.storage.spi.StorageException;

/**
 * A database that was connected: its writer and its readers. The writer is for whoever holds the
 * backend's lock, all else for any thread.
 */
final class OpenStore implements AutoCloseable {
  private final Servers servers;
  private final MysqlDialect dialect;
  private final Migrations migrations;
  private final Partition partition;
  private final PartWriters parts;
  private final HikariDataSource pool;
  private final JdbcReader reader;
  private volatile CallConnection writing;
  private volatile SameServer proof;
  private JdbcWriter writer;
  private Optional<UUID> storeId;
  private volatile boolean ready;

  private OpenStore(
      MysqlSettings settings,
      Servers servers,
      MysqlDialect dialect,
      Migrations migrations,
      Calls calls,
      Connection connection)
      throws SQLException {
    this.servers = servers;
    this.dialect = dialect;
    this.migrations = migrations;
    partition = settings.writing();
    parts = new PartWriters(settings.name(), partition, dialect, calls, new PartSource());
    use(connection);
    storeId = writer.storeId();
    ready = writer.format() == migrations.latest();
    servers.use(connection);
    pool = new ReaderPool(poolOf(settings, servers), servers);
    reader = new JdbcReader(dialect, pool, calls, settings.queryTimeout());
  }

  /** Connects to the database, which has to be there. */
  static OpenStore open(MysqlSettings settings, Servers servers, Migrations migrations, Calls calls)
      throws SQLException {
    Connection connection = servers.writer();
    boolean opened = false;
    try {
      MysqlDialect dialect = new MysqlDialect(ServerKind.of(connection));
      requireOurs(connection);
      OpenStore store = new OpenStore(settings, servers, dialect, migrations, calls, connection);
      opened = true;
      return store;
    } finally {
      if (!opened) {
        connection.close();
      }
    }
  }

  /** Migrations of another program would be taken for ours. */
  private static void requireOurs(Connection connection) throws SQLException {
    Set<String> tables = new HashSet<>();
    try (ResultSet found =
        connection.getMetaData().getTables(connection.getCatalog(), null, "%", null)) {
      while (found.next()) {
        tables.add(found.getString("TABLE_NAME"));
      }
    }
    if (!tables.contains("schema_version") || tables.contains("_store")) {
      return;
    }
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT 1 FROM schema_version LIMIT 1")) {
      if (rows.next()) {
        throw new StorageException(
            HALT,
            "DIFFERENT_STORE",
            "The database belongs to another program; it was left as it is");
      }
    }
  }

  private void use(Connection fresh) throws SQLException {
    isolate(fresh);
    if (partition.parts() > 1) {
      proof = SameServer.as(fresh);
    }
    writing = new CallConnection(fresh);
    writer = new JdbcWriter(dialect, migrations, fresh, Optional.of(parts));
  }

  /**
   * A transaction that reads sees one state, and the position is found as it was committed. Where
   * several write one batch, none may lock what it looked for in vain: another would wait for it,
   * and it for the other's end.
   */
  private void isolate(Connection fresh) throws SQLException {
    fresh.setTransactionIsolation(
        partition.parts() == 1
            ? Connection.TRANSACTION_REPEATABLE_READ
            : Connection.TRANSACTION_READ_COMMITTED);
    fresh.setAutoCommit(false);
  }

  /** The parts go to the server that the position is written to, which is proved once for each. */
  private final class PartSource implements PartWriters.Source {
    @Override
    public Connection connect() throws SQLException {
      Connection fresh = servers.besideWriter();
      boolean usable = false;
      try {
        if (!servers.isInUse(fresh) || !proof.isSeenBy(fresh)) {
          throw new StorageException(
              BUSY,
              "STORE_BUSY",
              "A connection leads to another server than the writer's; where url names what"
                  + " divides connections among servers, set write_connections = 1");
        }
        isolate(fresh);
        usable = true;
        return fresh;
      } finally {
        if (!usable) {
          fresh.close();
        }
      }
    }

    @Override
    public void abandon(Connection lost) throws SQLException {
      end(lost);
    }
  }

  private static HikariConfig poolOf(MysqlSettings settings, Servers servers) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("larder-" + settings.name());
    config.setDataSource(new ReaderSource(servers, settings.connectTimeout()));
    config.setReadOnly(true);
    config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(Math.min(settings.poolMinimum(), settings.poolSize()));
    config.setMaxLifetime(settings.poolRecycle().toMillis());
    config.setConnectionTimeout(settings.connectTimeout().toMillis());
    config.setValidationTimeout(Math.min(1000, settings.connectTimeout().toMillis()));
    // The database was connected just now; what fails later shows in the call that needs it.
    config.setInitializationFailTimeout(-1);
    return config;
  }

  /** False while the store is new or of an older format: only an attach brings it on. */
  boolean isReady() {
    return ready;
  }

  /** Notes which store it is now. */
  void setReady(UUID id) {
    storeId = Optional.of(id);
    ready = true;
  }

  JdbcReader reader() {
    return reader;
  }

  PoolUsage poolUsage() {
    HikariPoolMXBean figures = pool.getHikariPoolMXBean();
    return new PoolUsage(
        figures.getActiveConnections(),
        figures.getIdleConnections(),
        figures.getThreadsAwaitingConnection(),
        pool.getMaximumPoolSize());
  }

  HikariDataSource pool() {
    return pool;
  }

  /** The writer, connected anew if the connection is of no use any more. */
  JdbcWriter writer(Call call, Duration limit) throws SQLException {
    if (writer.isBroken() || writing.isLost()) {
      abort();
      reconnect();
    }
    writing.begin(call, limit);
    return writer;
  }

  private void reconnect() throws SQLException {
    parts.giveUp();
    Connection fresh = servers.writer();
    boolean usable = false;
    try {
      if (ServerKind.of(fresh) != dialect.kind()) {
        throw new StorageException(
            HALT, "DIFFERENT_STORE", "The address leads to another kind of server than before");
      }
      use(fresh);
      Optional<UUID> found = writer.storeId();
      if (storeId.isPresent() && !storeId.equals(found)) {
        throw JdbcWriter.differentStore(storeId.get(), found);
      }
      servers.use(fresh);
      usable = true;
    } finally {
      if (!usable) {
        fresh.close();
      }
    }
  }

  /** The writer's connection, for what is special to these databases. */
  Connection connection() {
    return writing.connection();
  }

  /** Says that the writer's connection is of no use any more. */
  void giveUp() {
    writer.giveUp();
  }

  /** The readers move to the server in use now. */
  void moveReaders() {
    pool.getHikariPoolMXBean().softEvictConnections();
  }

  /** Ends the threads that write parts, once they are through; for any thread. */
  void endParts() {
    parts.end();
  }

  /** Ends the writer's connection at once, whatever it is in the middle of; for any thread. */
  void abort() throws SQLException {
    end(writing.connection());
  }

  private static void end(Connection lost) throws SQLException {
    Sockets.cut(lost);
    lost.abort(Runnable::run);
  }

  @Override
  public void close() throws SQLException {
    pool.close();
    try {
      parts.close();
    } finally {
      writer.close();
    }
  }
}
