package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.mysql.server.MariaDbServer;

/** Collections move between databases under a node that is written to, and killed. */
class MigrationProcessIT {
  /** About a thousand tasks a second, which MariaDB takes on any machine. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String MIGRATIONS = "/api/v1/admin/migrations";
  private static final String ROUTES = "/api/v1/admin/routes";
  private static final String HELD = "\"code\":\"HELD\"";
  private static final String TASKS = "translation_tasks";
  private static final int BATCH = 200;
  private static final int BATCHES = 100;

  @TempDir Path folder;

  private static void load(NodeProcess node) throws Exception {
    for (int batch = 0; batch < BATCHES; batch++) {
      String body = Tasks.batch("old", batch * BATCH, BATCH);
      assertThat(node.http().post("/api/v1/translation/tasks/batch", body).statusCode())
          .isEqualTo(202);
    }
    assertThat(node.http().storedTasks("old")).isEqualTo(BATCHES * BATCH);
  }

  private static int start(NodeProcess node, String from, String to) throws Exception {
    String body =
        """
        {"collection":"%s","from":"%s","to":"%s"}"""
            .formatted(TASKS, from, to);
    HttpResponse<String> reply = node.http().post(MIGRATIONS, body);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(202);
    assertThat(reply.headers().firstValue("Location")).isPresent();
    return (int) HttpNode.number("id", reply.body());
  }

  private static String status(NodeProcess node, int id) throws Exception {
    return node.http().get(MIGRATIONS + "/" + id).body();
  }

  private static void await(NodeProcess node, int id, String phase) throws Exception {
    boolean reached =
        Waiting.until(
            PATIENCE,
            () -> {
              String status = status(node, id);
              return status.contains("\"phase\":\"" + phase + "\"")
                  || status.contains("\"phase\":\"failed\"");
            });
    assertThat(status(node, id)).as("%s", reached).contains("\"phase\":\"" + phase + "\"");
  }

  private static String source(NodeProcess node) throws Exception {
    return node.http()
        .get("/api/v1/translation/tasks?page_size=1")
        .headers()
        .firstValue("X-Larder-Source")
        .orElse("none");
  }

  /** Keeps a copying from its end, or lets it go on. */
  private static void hold(Path config, boolean wanted) throws IOException {
    Path file = config.resolve("larder.buffer.cfg");
    Path changed = config.resolve("larder.buffer.new");
    Files.writeString(
        changed,
        Files.readString(file)
            .replaceFirst("(?m)^hold_followers = .*$", "hold_followers = " + wanted));
    Files.move(changed, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void assertShell(NodeProcess node, String command, String... expected)
      throws Exception {
    NodeProcess.Ended ended = node.run("shell", command);
    assertThat(ended.output()).contains(expected);
    assertThat(ended.exitCode()).isZero();
  }

  @Test
  void aNodeKilledWhileItCopiesGoesOnAndComesBack() throws Exception {
    Path data = folder.resolve("data");
    Path config = data.resolve("config");
    try (NodeProcess node = new NodeProcess(data, Map.of())) {
      SqliteSetup.addBackend(config, "second");
      node.start();
      load(node);
      assertShell(node, "larder:migrate " + TASKS + " main second --dry-run", "Dry run", "20,000");
      hold(config, true);
      assertThat(Waiting.until(PATIENCE, () -> node.http().get(ROUTES).body().contains(HELD)))
          .as(node.output())
          .isTrue();
      int id = start(node, "main", "second");
      Writers writers = Writers.start(node.http(), "new", 2);
      writers.awaitMore(2);
      await(node, id, "backfilling");
      node.kill();
      writers.stopAnyhow();
      hold(config, false);
      node.start();
      Writers others = Writers.start(node.http(), "newer", 2);
      await(node, id, "done");
      others.awaitMore(5);
      int written = others.stop();
      assertThat(others.refused()).isEmpty();
      assertThat(node.http().storedTasks("old")).isEqualTo(BATCHES * BATCH);
      assertThat(node.http().storedTasks("newer")).isEqualTo(written);
      assertThat(node.http().storedTasks("new")).isGreaterThanOrEqualTo(writers.acceptedTasks());
      assertThat(source(node)).isEqualTo("second");
      assertShell(node, "larder:migrate status " + id, "done", "larder:migrate rollback " + id);

      assertShell(node, "larder:migrate rollback " + id, "rolling back");
      await(node, id, "rolled_back");
      assertThat(source(node)).isEqualTo("main");
      assertThat(node.http().storedTasks("newer")).isEqualTo(written);
      assertShell(node, "larder:migrate", "rolled_back");
    }
  }

  @Test
  void fromSqliteToMariaDbAndBack() throws Exception {
    Path data = folder.resolve("data");
    try (MariaDbServer server = MysqlSetup.startServer(folder.resolve("server"));
        NodeProcess node = new NodeProcess(data, MysqlSetup.environment())) {
      MysqlSetup.addBackend(server, data.resolve("config"));
      node.start();
      load(node);
      Writers writers = Writers.paced(node.http(), "new", 1, PAUSE);
      int there = start(node, "main", "mysql");
      await(node, there, "done");
      assertThat(source(node)).isEqualTo("mysql");
      writers.awaitMore(5);
      assertThat(node.http().post(MIGRATIONS + "/" + there + "/cancel", "").statusCode())
          .isEqualTo(409);
      node.http().post("/api/v1/admin/routes/" + TASKS, "{\"primary\":\"mysql\"}");
      writers.awaitMore(5);
      int back = start(node, "mysql", "main");
      await(node, back, "done");
      int written = writers.stop();
      assertThat(writers.refused()).isEmpty();
      assertThat(node.http().storedTasks("new")).isEqualTo(written);
      assertThat(node.http().storedTasks("old")).isEqualTo(BATCHES * BATCH);
      assertThat(source(node)).isEqualTo("main");
    }
  }
}
