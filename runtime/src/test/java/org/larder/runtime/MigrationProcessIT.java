package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
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
  private static final Pattern COPYING =
      Pattern.compile(
          "\"to\":\"slow\".*\"phase\":\"backfilling\".*\"copied_records\":[1-9].*"
              + "\"records_per_second\":(0\\.[1-9]|[1-9]).*\"remaining_seconds\":[0-9]");
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
    return HttpNode.source(node.http().get("/api/v1/translation/tasks?page_size=1"));
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

  private static void awaitHeld(NodeProcess node, Path config) throws Exception {
    hold(config, true);
    boolean held = Waiting.until(PATIENCE, () -> node.http().get(ROUTES).body().contains(HELD));
    assertThat(held).as(node.output()).isTrue();
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
      awaitHeld(node, config);
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

      awaitHeld(node, config);
      assertThat(node.http().post("/api/v1/translation/tasks/batch", Tasks.batch("held", 0, BATCH)))
          .extracting(HttpResponse::statusCode)
          .isEqualTo(202);
      assertShell(node, "larder:migrate rollback " + id, "rolling back");
      await(node, id, "rolling_back");
      node.kill();
      hold(config, false);
      node.start();
      await(node, id, "rolled_back");
      assertThat(node.http().storedTasks("held")).isEqualTo(BATCH);
      assertThat(source(node)).isEqualTo("main");
      assertThat(node.http().storedTasks("newer")).isEqualTo(written);
      assertShell(node, "larder:migrate", "rolled_back");
    }
  }

  private static String change(NodeProcess node, int id, String verb, int status) throws Exception {
    HttpResponse<String> reply = node.http().post(MIGRATIONS + "/" + id + "/" + verb, "");
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    return reply.body();
  }

  private static void lead(NodeProcess node, String route, String source) throws Exception {
    HttpResponse<String> reply = node.http().post("/api/v1/admin/routes/" + TASKS, route);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(Waiting.until(PATIENCE, () -> source(node).equals(source))).isTrue();
  }

  @Test
  void fromSqliteToMariaDbAndBack() throws Exception {
    Path data = folder.resolve("data");
    try (MariaDbServer server = MysqlSetup.startServer(folder.resolve("server"));
        NodeProcess node = new NodeProcess(data, MysqlSetup.environment())) {
      Path config = data.resolve("config");
      MysqlSetup.addBackend(server, config);
      node.start();
      load(node);
      String loaded = node.http().contents("old", "main", BATCHES * BATCH);
      Writers writers = Writers.paced(node.http(), "new", 1, PAUSE);

      assertShell(node, "larder:migrate all main mysql", "Moves      * from main to mysql");
      await(node, 1, "done");
      assertThat(source(node)).isEqualTo("mysql");
      writers.awaitMore(5);
      assertThat(node.http().contents("old", "mysql", BATCHES * BATCH)).isEqualTo(loaded);
      change(node, 1, "cancel", 409);
      assertThat(change(node, 1, "rollback", 202)).contains("\"collection\":\"*\"");
      await(node, 1, "rolled_back");
      assertThat(source(node)).isEqualTo("main");
      writers.awaitMore(5);

      int again = start(node, "main", "mysql");
      await(node, again, "done");
      assertThat(HttpNode.number("copied_records", status(node, again)))
          .as("a store that was there before is filled all the same")
          .isGreaterThanOrEqualTo(BATCHES * BATCH);
      lead(node, "{\"primary\":\"mysql\"}", "mysql");
      writers.awaitMore(5);
      await(node, start(node, "mysql", "main"), "done");
      assertThat(node.http().contents("old", "main", BATCHES * BATCH)).isEqualTo(loaded);

      addSlowBackend(server, config);
      isWatchedAndCancelled(node, server);
      assertThat(source(node)).isEqualTo("main");
      int written = writers.stop();
      assertThat(writers.refused()).isEmpty();
      String there = node.http().contents("new", "main", written);
      lead(node, "{\"primary\":\"mysql\",\"mirrors\":[\"main\"]}", "mysql");
      assertThat(node.http().contents("new", "mysql", written)).isEqualTo(there);
    }
  }

  /** A database that takes some of the records, and minutes for each batch with a certain one. */
  private static void addSlowBackend(MariaDbServer server, Path config) throws Exception {
    MysqlSetup.execute(
        server,
        "CREATE DATABASE slow",
        "GRANT ALL ON slow.* TO larder",
        "CREATE TABLE slow.translation_tasks LIKE larder.translation_tasks",
        """
        CREATE TRIGGER slow.slow BEFORE INSERT ON slow.translation_tasks FOR EACH ROW
          IF NEW.task_id = 'old-5' THEN DO SLEEP(300); END IF""");
    String mysql = Files.readString(config.resolve("larder.storage.mysql-main.cfg"));
    Files.writeString(
        config.resolve("larder.storage.mysql-slow.cfg"),
        mysql
            .replaceFirst("(?m)^name = .*$", "name = slow")
            .replaceFirst("(?m)^url = .*$", "url = " + server.url("slow"))
            .replaceFirst("(?m)^password =.*$", "password = " + MysqlSetup.PASSWORD));
  }

  private static boolean isThere(NodeProcess node, String backend) throws Exception {
    String backends = node.http().get("/api/v1/admin/backends").body();
    return backends.contains("\"name\":\"" + backend + "\"");
  }

  private static void isWatchedAndCancelled(NodeProcess node, MariaDbServer server)
      throws Exception {
    assertThat(Waiting.until(PATIENCE, () -> isThere(node, "slow"))).as(node.output()).isTrue();
    assertShell(node, "larder:migrate " + TASKS + " main slow", "from main to slow");
    int id = (int) HttpNode.number("id", node.http().get(MIGRATIONS).body());
    boolean copying = Waiting.until(PATIENCE, () -> COPYING.matcher(status(node, id)).find());
    assertThat(copying).as(status(node, id)).isTrue();
    String copied = "Copied +[1-9][0-9,]* of [1-9][0-9,]* records, [0-9,]+/s";
    NodeProcess.Ended shown = node.run("shell", "larder:migrate status " + id);
    assertThat(shown.output()).contains(id + ", backfilling").containsPattern(copied);
    assertShell(node, "larder:migrate", "backfilling");
    assertShell(node, "larder:migrate cancel " + id, "rolling back");
    await(node, id, "cancelled");
    assertThat(HttpNode.number("copied_records", status(node, id))).isPositive();
    try (Connection connection = MysqlSetup.connect(server);
        Statement statement = connection.createStatement();
        ResultSet kept = statement.executeQuery("SELECT COUNT(*) FROM slow.translation_tasks")) {
      kept.next();
      assertThat(kept.getLong(1)).as("records in the slow one").isPositive();
    }
  }
}
