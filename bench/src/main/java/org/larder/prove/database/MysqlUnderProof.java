package org.larder.prove.database;

import com.mysql.cj.jdbc.MysqlDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.larder.prove.node.BackendBundle;
import org.larder.prove.node.ConfigFile;
import org.larder.prove.node.NodeUnderProof;
import org.larder.storage.mysql.server.MariaDbServer;

/**
 * MariaDB, in a server of its own that holds two databases. The node's account has the rights that
 * the operators' page asks for, and no others.
 */
public final class MysqlUnderProof implements DatabaseUnderProof {
  private static final String BUNDLE = "org.larder.storage-mysql";
  private static final String PASSWORD = "under-proof";
  private static final String RIGHTS =
      "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP, CREATE VIEW";

  /** The database of the first backend. */
  public static final String DATABASE = "larder_mysql";

  /** By the name of the backend; each is the name of a database as well. */
  private static final List<String> DATABASES = List.of("mysql", "other");

  private final int writeConnections;
  private Optional<Server> server = Optional.empty();

  /** With backends that write each batch through one connection. */
  public MysqlUnderProof() {
    this(1);
  }

  /** With backends that write each batch through so many connections. */
  public MysqlUnderProof(int writeConnections) {
    this.writeConnections = writeConnections;
  }

  /** Says in this program's terms what goes wrong with the server. */
  private record Server(MariaDbServer process) implements DatabaseServer {
    private interface Question<T> {
      T run() throws IOException, InterruptedException;
    }

    private interface Order {
      void run() throws IOException, InterruptedException;
    }

    private static <T> T ask(Question<T> question) throws IOException {
      try {
        return question.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted at the database's server", e);
      }
    }

    private static void run(Order order) throws IOException {
      ask(
          () -> {
            order.run();
            return null;
          });
    }

    @Override
    public void start() throws IOException {
      run(process::start);
    }

    @Override
    public boolean hasEnded(Duration patience) throws IOException {
      return ask(() -> process.hasEnded(patience));
    }

    @Override
    public boolean revive() throws IOException {
      return ask(process::revive);
    }

    @Override
    public void stop() throws IOException {
      run(process::stop);
    }

    @Override
    public void kill() throws IOException {
      run(process::kill);
    }

    @Override
    public void pause() throws IOException {
      run(process::pause);
    }

    @Override
    public void resume() throws IOException {
      run(process::resume);
    }
  }

  @Override
  public String bundle() {
    return BUNDLE;
  }

  @Override
  public Optional<String> nativeLibrary() {
    return Optional.empty();
  }

  @Override
  public List<String> backends() {
    return List.of("mysql", "other", "main");
  }

  @Override
  public void begin(Premises premises) throws IOException {
    MariaDbServer started = start(premises);
    server = Optional.of(new Server(started));
    Path config = premises.node().config();
    try (Connection connection = connect(started);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE USER larder IDENTIFIED BY '" + PASSWORD + "'");
      for (String name : DATABASES) {
        String database = database(name);
        statement.execute("CREATE DATABASE " + database + " CHARACTER SET utf8mb4");
        statement.execute("GRANT " + RIGHTS + " ON " + database + ".* TO larder");
        ConfigFile.copy(
            config.resolve("larder.storage.mysql-main.cfg.sample"),
            config.resolve("larder.storage.mysql-" + name + ".cfg"),
            Map.of(
                "name",
                name,
                "url",
                started.url(database),
                "password",
                PASSWORD,
                "write_connections",
                Integer.toString(writeConnections)));
      }
    } catch (SQLException e) {
      throw new IOException("cannot make the databases", e);
    }
    ConfigFile.change(config.resolve("larder.routes.cfg"), Map.of("route.*", "mysql"));
  }

  private static String database(String backend) {
    return "larder_" + backend;
  }

  private static MariaDbServer start(Premises premises) throws IOException {
    try {
      return MariaDbServer.start(premises.programs(), premises.data().resolve("mariadb"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the database's server started", e);
    }
  }

  private static Connection connect(MariaDbServer started) throws SQLException {
    MysqlDataSource source = new MysqlDataSource();
    source.setUrl(started.url("mysql"));
    return source.getConnection(MariaDbServer.ROOT, "");
  }

  /** Where the first backend's database is, for an account that may do everything. */
  public String url() {
    return server.orElseThrow().process().url(database("mysql"));
  }

  @Override
  public Map<String, Outage> outages(NodeUnderProof node) {
    Map<String, Outage> outages = new LinkedHashMap<>();
    DatabaseServer here = server.orElseThrow();
    outages.put("kill", Outage.of(here::kill, here::start));
    outages.put("shutdown", Outage.of(here::stop, here::start));
    outages.put("pause", Outage.of(here::pause, here::resume));
    BackendBundle bundle = new BackendBundle(node, BUNDLE);
    outages.put("stop", Outage.of(bundle::stop, bundle::start));
    return outages;
  }

  @Override
  public Optional<DatabaseServer> server() {
    return server.map(DatabaseServer.class::cast);
  }

  /** Its files stay until the proof's own folder goes. */
  @Override
  public void close() throws IOException {
    if (server.isPresent()) {
      server.get().stop();
    }
  }
}
