package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.mysql.cj.jdbc.MysqlDataSource;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.mysql.server.MariaDbServer;

/** A node whose primary is a real MariaDB. */
class MysqlProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int BATCH = 200;
  private static final String VARIABLE = "LARDER__LARDER_STORAGE_MYSQL_MAIN__PASSWORD";

  @TempDir Path folder;

  @Test
  void whatIsAcceptedIsInMariaDbAndComesBack() throws Exception {
    Path programs = Path.of(System.getProperty("larder.mariadb"));
    try (MariaDbServer server = MariaDbServer.start(programs, folder.resolve("server"));
        NodeProcess node = new NodeProcess(folder.resolve("data"), Map.of(VARIABLE, "hunter2"))) {
      execute(
          server,
          "CREATE DATABASE larder",
          "CREATE USER larder IDENTIFIED BY 'hunter2'",
          "GRANT ALL ON larder.* TO larder");
      Path config = folder.resolve("data/config");
      useMariaDb(config, server.url("larder"));
      node.start();
      for (int batch = 0; batch < 5; batch++) {
        assertAccepted(node, batch);
      }
      assertThat(node.http().storedTasks("mysql")).isEqualTo(5 * BATCH);
      assertThat(count(server)).isEqualTo(5 * BATCH);
      assertThat(node.http().get("/api/v1/translation/tasks/mysql-7").body()).contains("Los 😀");
      assertThat(node.http().get("/metrics").body())
          .contains(
              "larder_backend_pool_connections{backend=\"mysql\",state=\"idle\"} ",
              "larder_backend_pool_waiting_threads{backend=\"mysql\"} 0");

      server.stop();
      assertAccepted(node, 5);
      server.start();
      assertThat(
              Waiting.until(
                  PATIENCE,
                  () -> node.http().post("/api/v1/translation/flush", "").statusCode() == 200))
          .as("the database is followed again")
          .isTrue();
      assertThat(count(server)).isEqualTo(6 * BATCH);
      node.terminate();
      assertThat(node.waitForEnd(PATIENCE).output()).doesNotContain("hunter2");
      assertThat(folder.resolve("data/larder.db")).doesNotExist();
    }
  }

  private static void useMariaDb(Path config, String url) throws Exception {
    String sample = Files.readString(config.resolve("larder.storage.mysql-main.cfg.sample"));
    Files.writeString(
        config.resolve("larder.storage.mysql-main.cfg"),
        sample.replaceFirst("(?m)^url = .*$", "url = " + url));
    Path routes = config.resolve("larder.routes.cfg");
    Files.writeString(
        routes, Files.readString(routes).replaceFirst("(?m)^route\\.\\* = .*$", "route.* = mysql"));
  }

  private static void assertAccepted(NodeProcess node, int batch) throws Exception {
    HttpResponse<String> reply =
        node.http()
            .post("/api/v1/translation/tasks/batch", Tasks.batch("mysql", batch * BATCH, BATCH));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(202);
  }

  private static Connection connect(MariaDbServer server) throws SQLException {
    MysqlDataSource source = new MysqlDataSource();
    source.setUrl(server.url("mysql"));
    return source.getConnection(MariaDbServer.ROOT, "");
  }

  private static void execute(MariaDbServer server, String... statements) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static long count(MariaDbServer server) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT COUNT(*) FROM larder.translation_tasks")) {
      result.next();
      return result.getLong(1);
    }
  }
}
