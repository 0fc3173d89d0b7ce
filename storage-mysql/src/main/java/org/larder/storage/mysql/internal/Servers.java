package org.larder.storage.mysql.internal;

import com.mysql.cj.jdbc.AbandonedConnectionCleanupThread;
import com.mysql.cj.jdbc.JdbcConnection;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to the database's servers. One of them is in use: the one that the writer was last
 * connected to. Readers are connected to it and to no other, so that they see what was written. The
 * writer is connected by one thread at a time, which says then whether it uses the connection; all
 * else is free for any thread.
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
  private final Sockets sockets = new Sockets();
  private final AtomicBoolean away = new AtomicBoolean();
  private volatile int current;
  private volatile boolean used;

  /**
   * Knows the servers and connects to none.
   *
   * @param moved is told when another server is in use than before
   */
  Servers(MysqlSettings settings, Runnable moved) {
    this.settings = settings;
    this.moved = moved;
  }

  /**
   * A connection to write by, to a server that takes writes, or else to the one in use, which can
   * still be read. Its server is in use only after {@link #use}.
   */
  Connection writer() throws SQLException {
    return connect(settings.url().database(), WRITING);
  }

  /**
   * A connection to write by beside the writer, to the server in use and to no other. Its address
   * alone does not prove that it is the writer's: see {@link SameServer}.
   */
  Connection besideWriter() throws SQLException {
    return open(settings.url().hosts().get(current), settings.url().database(), WRITING);
  }

  /** The server of this writer is in use from now on, and readers are connected to it. */
  void use(Connection writer) throws SQLException {
    List<String> hosts = settings.url().hosts();
    int index = 0;
    while (!isTo(writer, hosts.get(index))) {
      index++;
    }
    boolean other = index != current;
    current = index;
    used = true;
    away.set(false);
    if (other) {
      LOG.warn("Backend {}: the database server is now {}", settings.name(), hosts.get(index));
      moved.run();
    }
  }

  /** Whether a connection leads to the server in use. */
  boolean isInUse(Connection connection) throws SQLException {
    return isTo(connection, settings.url().hosts().get(current));
  }

  private static boolean isTo(Connection connection, String host) throws SQLException {
    return connection.unwrap(JdbcConnection.class).getURL().startsWith(start(host));
  }

  /** Whether a reader found the server in use away, and nobody has looked for another since. */
  boolean isAway() {
    return away.get();
  }

  /** The same, told once: whoever is told lets the writer look for another one. */
  boolean wasFoundAway() {
    return away.getAndSet(false);
  }

  /**
   * A connection to read by, to the server in use, whose statements the server ends when they run
   * over their time.
   */
  Connection reader() throws SQLException {
    Connection connection = readerInUse();
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

  private Connection readerInUse() throws SQLException {
    List<String> hosts = settings.url().hosts();
    try {
      Connection connection = open(hosts.get(current), settings.url().database(), READING);
      away.set(false);
      return connection;
    } catch (SQLException e) {
      // A server that refuses the connection is there, unless it came back as another than it was.
      boolean answered = e.getErrorCode() != 0 || !MysqlErrors.isConnection(e.getSQLState());
      away.set(hosts.size() > 1 && (!answered || MysqlErrors.isStranger(e.getErrorCode())));
      throw e;
    }
  }

  /** A connection to look with, within a time, to the server in use. */
  Connection visitor(Duration budget) throws SQLException {
    String host = settings.url().hosts().get(current);
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
    int first = current;
    SQLException failure = null;
    List<String> readOnly = new ArrayList<>();
    for (int i = 0; i < hosts.size(); i++) {
      String host = hosts.get((first + i) % hosts.size());
      try {
        Connection connection = open(host, database, session);
        if (hosts.size() == 1 || takesWrites(connection)) {
          return connection;
        }
        connection.close();
        readOnly.add(host);
      } catch (SQLException e) {
        // What a server answers says more than that another one does not.
        boolean tells = failure == null || MysqlErrors.isConnection(failure.getSQLState());
        failure = tells ? e : failure;
      }
    }
    if (used && readOnly.contains(hosts.get(first))) {
      // None takes writes. This one has all of them, a replica may lack the newest.
      return open(hosts.get(first), database, session);
    }
    throw readOnly.isEmpty() ? failure : noWrites(readOnly, failure);
  }

  /** One that is read only may take writes later, whatever another one answers now. */
  private static SQLException noWrites(List<String> readOnly, SQLException failure) {
    boolean told = failure != null && !MysqlErrors.isConnection(failure.getSQLState());
    return new SQLException(
        "read_only is set on %s, and %s"
            .formatted(
                String.join(", ", readOnly),
                told
                    ? "another server says: " + failure.getMessage()
                    : "no other server can be reached"),
        "HY000",
        MysqlErrors.SERVER_READ_ONLY,
        failure);
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
    return start(host) + database + "?" + query;
  }

  private static String start(String host) {
    return "jdbc:mysql://" + host + "/";
  }

  private static String fileUrl(Path file) {
    return file.toAbsolutePath().toUri().toString();
  }

  /** The servers' names, for a person; the one in use first. */
  List<String> names() {
    List<String> names = new ArrayList<>(settings.url().hosts());
    names.add(0, names.remove(current));
    return names;
  }
}
