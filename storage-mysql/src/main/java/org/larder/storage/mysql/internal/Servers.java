package org.larder.storage.mysql.internal;

import com.mysql.cj.jdbc.AbandonedConnectionCleanupThread;
import com.mysql.cj.jdbc.MysqlDataSource;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to the database's servers: always to the one that was found to take writes, until it
 * is away or takes none any more. Free for any thread.
 */
final class Servers {
  private static final Logger LOG = LoggerFactory.getLogger(Servers.class);

  /** Sorting looks at values as long as they may be, and needs room for 15 of them. */
  private static final String READING =
      "max_sort_length=1048576,sort_buffer_size=20971520,wait_timeout=600";

  /** A writer that vanished without a word lets go of its rows after that time. */
  private static final String WRITING =
      "innodb_lock_wait_timeout=5,lock_wait_timeout=30,wait_timeout=120";

  private static final String COMMON =
      "sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',time_zone='+00:00',collation_connection='utf8mb4_bin'";

  /** Beyond the limit of a question, which is kept by ending the connection. */
  private static final Duration SOCKET_SLACK = Duration.ofSeconds(10);

  static {
    // The driver would watch for connections that nobody closes; here each one has its owner, and
    // the thread would keep the bundle's classes.
    AbandonedConnectionCleanupThread.uncheckedShutdown();
  }

  private final MysqlSettings settings;
  private final Runnable moved;
  private final AtomicInteger current = new AtomicInteger();
  private final Sockets sockets = new Sockets();

  /**
   * Knows the servers and connects to none.
   *
   * @param moved is told when another server takes the place of the one before
   */
  Servers(MysqlSettings settings, Runnable moved) {
    this.settings = settings;
    this.moved = moved;
  }

  /** A connection to write by. */
  Connection writer() throws SQLException {
    return connect(settings.url().database(), WRITING);
  }

  /** A connection to read by, whose statements the server ends when they run over their time. */
  Connection reader() throws SQLException {
    Connection connection = connect(settings.url().database(), READING);
    boolean ready = false;
    try (Statement statement = connection.createStatement()) {
      Duration limit = settings.queryTimeout().plusSeconds(1);
      boolean mariaDb = connection.getMetaData().getDatabaseProductVersion().contains("MariaDB");
      statement.execute(
          mariaDb
              ? "SET SESSION max_statement_time=" + limit.toSeconds()
              : "SET SESSION max_execution_time=" + limit.toMillis());
      ready = true;
      return connection;
    } finally {
      if (!ready) {
        connection.close();
      }
    }
  }

  /** A connection to look with, within a time, to the server in use. */
  Connection visitor(Duration budget) throws SQLException {
    String host = settings.url().hosts().get(current.get());
    Duration limit = budget.toMillis() < 1 ? Duration.ofMillis(1) : budget;
    return open(address(host, settings.url().database(), READING, limit), limit, limit);
  }

  /** A connection to no database, to make one by. */
  Connection founder() throws SQLException {
    return connect("", WRITING);
  }

  /** Cuts all connections at once, those that are being made as well, and allows no others. */
  void cutAll() {
    sockets.end();
  }

  private Connection connect(String database, String session) throws SQLException {
    List<String> hosts = settings.url().hosts();
    int first = current.get();
    SQLException failure = null;
    int reachable = -1;
    for (int i = 0; i < hosts.size(); i++) {
      int index = (first + i) % hosts.size();
      try {
        Connection connection = open(hosts.get(index), database, session);
        if (hosts.size() == 1 || takesWrites(connection)) {
          settle(first, index);
          return connection;
        }
        connection.close();
        reachable = reachable < 0 ? index : reachable;
      } catch (SQLException e) {
        // What a server answers says more than that another one does not.
        boolean tells = failure == null || MysqlErrors.isConnection(failure.getSQLState());
        failure = tells ? e : failure;
      }
    }
    if (reachable >= 0) {
      // None takes writes: this one can at least be read.
      return open(hosts.get(reachable), database, session);
    }
    throw failure;
  }

  private void settle(int before, int index) {
    if (before != index && current.compareAndSet(before, index)) {
      LOG.warn(
          "Backend {}: the database server is now {}",
          settings.name(),
          settings.url().hosts().get(index));
      moved.run();
    }
  }

  private static boolean takesWrites(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT @@global.read_only")) {
      return result.next() && result.getInt(1) == 0;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private Connection open(String host, String database, String session) throws SQLException {
    Duration limit = settings.connectTimeout();
    return open(
        address(host, database, session, limit), limit, settings.queryTimeout().plus(SOCKET_SLACK));
  }

  /**
   * A server that takes a connection and then says nothing is waited for as for one that does not.
   */
  private Connection open(String address, Duration connectTimeout, Duration socketTimeout)
      throws SQLException {
    MysqlDataSource source = new MysqlDataSource();
    source.setUrl(address);
    source.setTrustCertificateKeyStorePassword(settings.tls().trustStorePassword().reveal());
    source.setConnectTimeout(Math.toIntExact(connectTimeout.toMillis()));
    Connection connection =
        sockets.make(() -> source.getConnection(settings.user(), settings.password().reveal()));
    boolean ready = false;
    try {
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(socketTimeout.toMillis()));
      ready = true;
      return connection;
    } finally {
      if (!ready) {
        Sockets.cut(connection);
        connection.close();
      }
    }
  }

  private String address(String host, String database, String session, Duration socketTimeout) {
    // As the driver takes names: of two that differ in case only, it would choose one.
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(settings.url().options());
    options.put("socketFactory", CuttableSocketFactory.class.getName());
    options.put("rewriteBatchedStatements", "true");
    options.put("useAffectedRows", "false");
    options.put("characterEncoding", "UTF-8");
    options.put("nullDatabaseMeansCurrent", "true");
    options.put("useLocalSessionState", "true");
    options.put("logger", "Slf4JLogger");
    options.put("openTelemetry", "DISABLED");
    options.put("sessionVariables", COMMON + "," + session);
    options.put("socketTimeout", Long.toString(socketTimeout.toMillis()));
    options.put("sslMode", settings.tls().mode().name());
    settings
        .tls()
        .trustStore()
        .ifPresent(
            file -> {
              options.put("trustCertificateKeyStoreUrl", fileUrl(file));
              options.put("trustCertificateKeyStoreType", settings.tls().trustStoreType());
              options.put("fallbackToSystemTrustStore", "false");
            });
    String query =
        options.entrySet().stream()
            .map(
                option ->
                    option.getKey()
                        + "="
                        + URLEncoder.encode(option.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return "jdbc:mysql://" + host + "/" + database + "?" + query;
  }

  private static String fileUrl(Path file) {
    return file.toAbsolutePath().toUri().toString();
  }

  /** The servers' names, for a person; the one in use first. */
  List<String> names() {
    List<String> names = new ArrayList<>(settings.url().hosts());
    names.add(0, names.remove(current.get()));
    return names;
  }
}
