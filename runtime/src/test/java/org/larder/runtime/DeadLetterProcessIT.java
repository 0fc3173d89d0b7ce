package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.mysql.server.MariaDbServer;

/** What a real database refuses, as the operator of a node gets to see it and mends it. */
class DeadLetterProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TASKS = "/api/v1/translation/tasks";
  private static final String LETTERS = "/api/v1/admin/dead-letters";

  private static final String PICKY =
      """
      CREATE TRIGGER larder.picky BEFORE INSERT ON larder.translation_tasks FOR EACH ROW BEGIN
        IF NEW.column_name = 'xx' THEN
          SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'there is no language xx';
        END IF;
      END""";

  @TempDir Path folder;

  @Test
  void refusedRecordWaitsUntilTheDatabaseIsMendedOrItIsGivenUp() throws Exception {
    try (MariaDbServer server = MysqlSetup.startServer(folder.resolve("server"));
        NodeProcess node = new NodeProcess(folder.resolve("data"), MysqlSetup.environment())) {
      Path config = folder.resolve("data/config");
      MysqlSetup.addBackend(server, config);
      MysqlSetup.makePrimary(config);
      node.start();
      accept(node, task("first", "de"));
      assertThat(node.http().storedTasks("dead")).isEqualTo(1);
      MysqlSetup.execute(server, PICKY);

      accept(node, task("second", "de"), task("bad", "xx"), task("third", "fr"));
      awaitLetters(node, 1);
      assertThat(node.http().storedTasks("dead")).isEqualTo(3);
      assertThat(node.http().get(TASKS + "/bad").statusCode()).isEqualTo(404);
      String list = shell(node, "larder:dead");
      assertThat(list).containsPattern("(?m)^ *\\d+ +mysql +translation_tasks +bad ");
      String sequence = list.lines().skip(1).findFirst().orElseThrow().strip().split(" ", 2)[0];
      assertThat(shell(node, "larder:dead " + sequence))
          .contains("there is no language xx")
          .contains("source of bad");
      assertThat(shell(node, "larder:replay mysql --all"))
          .contains("0 replayed, 1 left.", "Refused again: ", "there is no language xx");

      MysqlSetup.execute(server, "DROP TRIGGER larder.picky");
      assertThat(shell(node, "larder:replay mysql --all")).contains("1 replayed, 0 left.");
      awaitLetters(node, 0);
      assertThat(node.http().get(TASKS + "/bad").body()).contains("source of bad");

      MysqlSetup.execute(server, PICKY);
      accept(node, task("worse", "xx"), task("worst", "xx"));
      awaitLetters(node, 2);
      isRefusedAgainAndDiscardedByRest(node, "worst");
      awaitLetters(node, 1);
      assertThat(shell(node, "larder:discard mysql --all")).contains(" worse ", "--yes");
      awaitLetters(node, 1);
      assertThat(shell(node, "larder:discard mysql --all --yes")).contains("1 discarded.");
      awaitLetters(node, 0);
      assertThat(shell(node, "larder:dead")).contains("There are no dead letters.");
      assertThat(node.http().get(TASKS + "/worse").statusCode()).isEqualTo(404);
      mendedRecordTakesThePlaceOfTheBadOne(node);

      MysqlSetup.execute(
          server,
          "DROP TRIGGER larder.picky",
          "CREATE UNIQUE INDEX one_source ON larder.translation_tasks (source_text(100))");
      accept(node, task("same", "de").replace("source of same", "source of first"));
      accept(node, task("other", "de"));
      awaitLetters(node, 1);
      assertThat(node.http().storedTasks("dead")).isEqualTo(6);
      assertThat(node.http().get(TASKS + "/first").body()).contains("source of first");
      assertThat(node.http().get(TASKS + "/same").statusCode()).isEqualTo(404);
      MysqlSetup.execute(server, "DROP INDEX one_source ON larder.translation_tasks");
      assertThat(answer(200, node.http().post(LETTERS + "/mysql/replay?key=same", "")))
          .contains("\"replayed\":1,\"left\":0,\"refused\":null");
      awaitLetters(node, 0);
      assertThat(node.http().get(TASKS + "/same").body()).contains("source of first");
    }
  }

  private static void isRefusedAgainAndDiscardedByRest(NodeProcess node, String key)
      throws Exception {
    HttpNode http = node.http();
    String list = answer(200, http.get(LETTERS + "?follower=mysql&key=" + key));
    assertThat(list).contains("\"total\":1,", "\"key\":\"" + key + "\"");
    String letter = LETTERS + "/mysql/" + HttpNode.number("sequence", list);
    assertThat(answer(200, http.get(letter)))
        .contains("there is no language xx", "source of " + key);
    assertThat(answer(200, http.post(LETTERS + "/mysql/replay", "")))
        .contains("\"replayed\":0,\"left\":2,\"refused\":{", "there is no language xx");
    assertThat(answer(422, http.delete(LETTERS + "/mysql?key=" + key))).contains("yes=true");
    assertThat(answer(200, http.get(letter))).contains(key);
    assertThat(answer(200, http.delete(LETTERS + "/mysql?yes=true&key=" + key)))
        .contains("\"discarded\":1");
    answer(404, http.get(letter));
    answer(404, http.post(LETTERS + "/nobody/replay", ""));
  }

  private static void mendedRecordTakesThePlaceOfTheBadOne(NodeProcess node) throws Exception {
    accept(node, task("mended", "xx"));
    awaitLetters(node, 1);
    long bad = HttpNode.number("sequence", node.http().get(LETTERS + "?key=mended").body());
    accept(node, task("mended", "de"));
    awaitLetters(node, 2);
    assertThat(shell(node, "larder:dead")).contains("FOLLOWS_DEAD");
    assertThat(shell(node, "larder:replay mysql mended")).contains("2 replayed, 0 left.");
    awaitLetters(node, 0);
    assertThat(node.http().get(TASKS + "/mended").body()).contains("\"column_name\":\"de\"");
    accept(node, task("gone", "xx"));
    awaitLetters(node, 1);
    long gone = HttpNode.number("sequence", node.http().get(LETTERS + "?key=gone").body());
    assertThat(shell(node, "larder:discard mysql --sequence " + bad + " --yes"))
        .contains("0 discarded.");
    assertThat(shell(node, "larder:discard mysql --sequence " + gone + " --yes"))
        .contains("1 discarded.");
    awaitLetters(node, 0);
  }

  private static String answer(int status, HttpResponse<String> reply) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    return reply.body();
  }

  private static String task(String id, String column) {
    return """
        {"task_id":"%s","session_id":"dead","batch_id":"b","sheet_name":"s",
        "row_index":1,"column_name":"%s","source_text":"source of %s","status":"pending"}"""
        .formatted(id, column, id);
  }

  private static void accept(NodeProcess node, String... tasks) throws Exception {
    HttpResponse<String> reply =
        node.http().post(TASKS + "/batch", "{\"tasks\":[%s]}".formatted(String.join(",", tasks)));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(202);
  }

  private static void awaitLetters(NodeProcess node, int count) throws Exception {
    String wanted = "\"dead_letters\":" + count + ",";
    boolean reached =
        Waiting.until(PATIENCE, () -> node.http().get("/health").body().contains(wanted));
    assertThat(reached).as("%s\n%s", node.http().get("/health").body(), node.output()).isTrue();
  }

  private static String shell(NodeProcess node, String command) throws Exception {
    NodeProcess.Ended ended = node.run("shell", command);
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    return ended.output();
  }
}
