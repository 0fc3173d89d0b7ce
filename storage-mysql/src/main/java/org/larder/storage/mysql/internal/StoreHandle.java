package org.larder.storage.mysql.internal;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.larder.storage.jdbc.Call;
import org.larder.storage.jdbc.Calls;
import org.larder.storage.jdbc.JdbcWriter;
import org.larder.storage.jdbc.Migrations;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backend's database, connected when it is first needed. Opening and closing is for the thread
 * that holds the backend's lock, looking for any.
 */
final class StoreHandle implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreHandle.class);

  /** How long a server may take to let go of the connections. */
  private static final Duration POLITE = Duration.ofSeconds(1);

  private final MysqlSettings settings;
  private final Migrations migrations;
  private final Calls calls;
  private final Servers servers;
  private volatile OpenStore open;

  StoreHandle(MysqlSettings settings, Migrations migrations, Calls calls) {
    this.settings = settings;
    this.migrations = migrations;
    this.calls = calls;
    servers = new Servers(settings, this::moved);
  }

  private void moved() {
    OpenStore store = open;
    if (store != null) {
      store.moveReaders();
    }
  }

  /** The database; null if it was not connected yet. */
  OpenStore current() {
    return open;
  }

  Servers servers() {
    return servers;
  }

  /** The database, in the format that the code works with. */
  OpenStore ready(Call call) throws SQLException {
    OpenStore store = open(call);
    if (!store.isReady()) {
      throw new StorageException(
          RETRY, "STORE_ABSENT", "The store is new or of an older format until somebody attaches");
    }
    return store;
  }

  /** The same, after its writer looked for a server if the one in use is away. */
  OpenStore connected(Call call) throws SQLException {
    OpenStore store = ready(call);
    if (!store.connection().isValid(Math.toIntExact(POLITE.toSeconds()))) {
      store.giveUp();
    }
    store.writer(call, settings.connectTimeout());
    return store;
  }

  /** The database for an attach, which begins a new one if it expects none. */
  OpenStore openFor(Attachment attachment, Call call) throws SQLException {
    try {
      return open(call);
    } catch (SQLException e) {
      if (e.getErrorCode() != MysqlErrors.UNKNOWN_DATABASE) {
        throw e;
      }
      if (attachment.expectedStore().isPresent()) {
        throw JdbcWriter.differentStore(attachment.expectedStore().get(), Optional.empty());
      }
      found();
      return open(call);
    }
  }

  private void found() throws SQLException {
    String database = settings.url().database();
    try (Connection connection = servers.founder();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE DATABASE IF NOT EXISTS `%s` CHARACTER SET utf8mb4 COLLATE %s"
              .formatted(database, ServerKind.of(connection).collation()));
    }
    LOG.info("Backend {}: made the database {}", settings.name(), database);
  }

  private OpenStore open(Call call) throws SQLException {
    if (open == null) {
      OpenStore opened = OpenStore.open(settings, servers, migrations, calls);
      boolean allowed = false;
      try {
        // Connecting may have taken longer than the call was allowed to.
        call.check();
        allowed = true;
      } finally {
        if (!allowed) {
          opened.close();
        }
      }
      open = opened;
    }
    return open;
  }

  /** Ends all connections at once, though another thread may be inside a call; for any thread. */
  void cut() {
    servers.cutAll();
    OpenStore store = open;
    if (store != null) {
      store.endParts();
      store.pool().close();
    }
  }

  /** Takes leave of a server that answers; cuts the connections to one that does not. */
  @Override
  public void close() {
    OpenStore store = open;
    open = null;
    if (store == null) {
      servers.cutAll();
      return;
    }
    CountDownLatch left = new CountDownLatch(1);
    Thread impatience = new Thread(() -> cutUnless(left), "larder-" + settings.name() + "-cut");
    impatience.setDaemon(true);
    impatience.start();
    try {
      store.close();
    } catch (SQLException e) {
      LOG.warn("Closing the database of {}: {}", settings.name(), e.getMessage());
    } finally {
      left.countDown();
    }
  }

  private void cutUnless(CountDownLatch left) {
    try {
      if (!left.await(POLITE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("Backend {}: the server says nothing; its connections are cut", settings.name());
        servers.cutAll();
      }
    } catch (InterruptedException e) {
      servers.cutAll();
    }
  }
}
