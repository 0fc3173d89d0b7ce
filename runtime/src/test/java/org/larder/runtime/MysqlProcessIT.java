package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.mysql.server.MariaDbServer;

/** A node whose primary is a real MariaDB. */
class MysqlProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int BATCH = 200;

  @TempDir Path folder;

  @Test
  void whatIsAcceptedIsInMariaDbAndComesBack() throws Exception {
    try (MariaDbServer server = MysqlSetup.startServer(folder.resolve("server"));
        NodeProcess node = new NodeProcess(folder.resolve("data"), MysqlSetup.environment())) {
      Path config = folder.resolve("data/config");
      MysqlSetup.addBackend(server, config);
      MysqlSetup.makePrimary(config);
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
      assertThat(node.waitForEnd(PATIENCE).output()).doesNotContain(MysqlSetup.PASSWORD);
      assertThat(folder.resolve("data/larder.db")).doesNotExist();
    }
  }

  private static void assertAccepted(NodeProcess node, int batch) throws Exception {
    HttpResponse<String> reply =
        node.http()
            .post("/api/v1/translation/tasks/batch", Tasks.batch("mysql", batch * BATCH, BATCH));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(202);
  }

  private static long count(MariaDbServer server) throws SQLException {
    try (Connection connection = MysqlSetup.connect(server);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT COUNT(*) FROM larder.translation_tasks")) {
      result.next();
      return result.getLong(1);
    }
  }
}
