package org.larder.runtime;

import com.mysql.cj.jdbc.MysqlDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.larder.storage.mysql.server.MariaDbServer;

/** What an operator does to let a node keep its records in a MariaDB. Used by one thread. */
final class MysqlSetup {
  static final String PASSWORD = "hunter2";
  private static final String VARIABLE = "LARDER__LARDER_STORAGE_MYSQL_MAIN__PASSWORD";

  private MysqlSetup() {}

  /** Starts a server with that folder. */
  static MariaDbServer startServer(Path folder) throws IOException, InterruptedException {
    return MariaDbServer.start(Path.of(System.getProperty("larder.mariadb")), folder);
  }

  /** Where the node finds the password. */
  static Map<String, String> environment() {
    return Map.of(VARIABLE, PASSWORD);
  }

  /** Makes database and account, and a backend named mysql of the shipped sample. */
  static void addBackend(MariaDbServer server, Path config) throws IOException, SQLException {
    execute(
        server,
        "CREATE DATABASE larder",
        "CREATE USER larder IDENTIFIED BY '" + PASSWORD + "'",
        "GRANT ALL ON larder.* TO larder");
    String sample = Files.readString(config.resolve("larder.storage.mysql-main.cfg.sample"));
    Files.writeString(
        config.resolve("larder.storage.mysql-main.cfg"),
        sample.replaceFirst("(?m)^url = .*$", "url = " + server.url("larder")));
  }

  /** Makes it the primary of all collections. */
  static void makePrimary(Path config) throws IOException {
    Path routes = config.resolve("larder.routes.cfg");
    Files.writeString(
        routes, Files.readString(routes).replaceFirst("(?m)^route\\.\\* = .*$", "route.* = mysql"));
  }

  static Connection connect(MariaDbServer server) throws SQLException {
    MysqlDataSource source = new MysqlDataSource();
    source.setUrl(server.url("mysql"));
    return source.getConnection(MariaDbServer.ROOT, "");
  }

  static void execute(MariaDbServer server, String... statements) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
