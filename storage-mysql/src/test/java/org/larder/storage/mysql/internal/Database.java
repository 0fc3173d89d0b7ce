package org.larder.storage.mysql.internal;

import com.mysql.cj.jdbc.MysqlDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.larder.storage.jdbc.Partition;
import org.larder.storage.mysql.server.MariaDbServer;

/** A database of its own for a test, on the server that all tests share; free for any thread. */
final class Database implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static MariaDbServer shared;

  final String name;
  final MariaDbServer server;

  /** A database that does not exist yet. */
  Database() {
    this(shared());
  }

  Database(MariaDbServer server) {
    this(server, "larder_" + NUMBER.incrementAndGet());
  }

  /** One of a name that another server may have as well. */
  Database(MariaDbServer server, String name) {
    this.server = server;
    this.name = name;
  }

  private static synchronized MariaDbServer shared() {
    if (shared == null) {
      shared = newServer();
      Runtime.getRuntime().addShutdownHook(new Thread(Database::closeShared));
    }
    return shared;
  }

  private static synchronized void closeShared() {
    try {
      shared.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another server, which the caller closes. */
  static MariaDbServer newServer(String... options) {
    try {
      Path target = Files.createDirectories(Path.of("target"));
      Path data = Files.createTempDirectory(target, "server-");
      return MariaDbServer.start(target.resolve("mariadb"), data, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  MysqlSettings settings() {
    return MysqlSettings.of("main", server.url(name), MariaDbServer.ROOT, "");
  }

  /** As usual, but for how batches are divided. */
  MysqlSettings settings(Partition writing) {
    return settings().dividing(writing);
  }

  MysqlBackend backend() {
    return new MysqlBackend(settings());
  }

  /** A connection of the test's own, to the server. */
  Connection connect() throws SQLException {
    return connect("mysql");
  }

  /** A connection of the test's own, to a database. */
  Connection connect(String database) throws SQLException {
    MysqlDataSource source = new MysqlDataSource();
    source.setUrl(server.url(database));
    source.setRewriteBatchedStatements(true);
    return source.getConnection(MariaDbServer.ROOT, "");
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** A column of the only row. */
  String answer(String question, String column) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(question)) {
      if (!result.next()) {
        throw new SQLException("No row: " + question);
      }
      return result.getString(column);
    }
  }

  /** The first column of the first row, asked inside this database. */
  String text(String sql) throws SQLException {
    try (Connection connection = connect(name);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getString(1) : null;
    }
  }

  @Override
  public void close() throws SQLException {
    execute("DROP DATABASE IF EXISTS " + name);
  }
}
