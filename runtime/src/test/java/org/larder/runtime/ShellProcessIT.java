package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about backends and routes, typed at a node with two databases. */
class ShellProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final String ROUTES = "/api/v1/admin/routes";
  private static final String FOLLOWS = "\"state\":\"following\"[^}]*\"lag\":0,";
  private static final String OTHER_STORE = "\"state\":\"halted\",\"code\":\"DIFFERENT_STORE\"";
  private static final int BATCH = 50;

  @TempDir static Path data;

  private static NodeProcess node;

  @BeforeAll
  static void startNode() throws Exception {
    node = new NodeProcess(data, Map.of());
    SqliteSetup.addBackend(data.resolve("config"), "second");
    node.start();
  }

  @AfterAll
  static void endNode() {
    node.close();
  }

  @Test
  void swapBringsTheWritesToTheOtherDatabase() throws Exception {
    assertThat(answer("larder:backends"))
        .containsPattern("main +sqlite +primary +up")
        .containsPattern("second +sqlite +unused +up");
    Writers writers = Writers.paced(node.http(), "shell", 1, PAUSE);
    writers.awaitMore(3);
    assertThat(answer("larder:route all main --mirrors second --read-from second"))
        .containsPattern("\\* +main +primary, read")
        .containsPattern("\\* +second +mirror")
        .contains("Reads go to main; to second while it is away.");
    await("\"backend\":\"second\",\"role\":\"mirror\",\"completeness\":\"live\"");
    assertThat(answer("larder:routes")).containsPattern("\\* +second +mirror +live +following");
    assertThat(answer("larder:followers"))
        .containsPattern("(?m)^main +following")
        .containsPattern("(?m)^second +following");
    assertThat(answer("larder:swap all second"))
        .containsPattern("\\* +second +primary")
        .containsPattern("\\* +main +mirror");
    await("\"source\":\"second\"");
    writers.awaitMore(3);
    assertThat(answer("larder:route all second"))
        .containsPattern("\\* +second +primary, read")
        .doesNotContainPattern("\\* +main");
    int written = writers.stop();
    assertThat(writers.refused()).isEmpty();
    assertThat(node.http().storedTasks("shell")).isEqualTo(written);
    assertThat(node.http().get("/api/v1/translation/tasks?page_size=1").headers().map())
        .extractingByKey("x-larder-source")
        .asString()
        .contains("second");
    assertThat(data.resolve("config/larder.routes.cfg")).content().contains("route.* = second");
  }

  @Test
  void whatIsNotThereIsNamedAndNothingChanges() throws Exception {
    assertThat(refusal("larder:route nothing main")).isEqualTo("There is no collection nothing");
    assertThat(refusal("larder:route nothing")).isEqualTo("There is no collection nothing");
    assertThat(refusal("larder:route all main --mirrors nowhere"))
        .isEqualTo("There is no backend nowhere; configure it first");
    assertThat(refusal("larder:swap translation_tasks nowhere"))
        .isEqualTo("There is no backend nowhere; configure it first");
    assertThat(refusal("larder:swap all")).startsWith("Which collection, and to which backend?");
    assertThat(refusal("larder:route all main --mirrors main")).contains("cannot mirror it");
    assertThat(refusal("larder:route all --mirror second"))
        .isEqualTo("There is no option --mirror");
    assertThat(refusal("larder:route all --mirrors second")).startsWith("Nothing was changed");
    assertThat(refusal("larder:route all main --mirrors main, second"))
        .startsWith("'second' is a word too many");
    assertThat(refusal("larder:route all main second")).startsWith("'second' is a word too many");
    assertThat(refusal("larder:route all main --remove")).startsWith("Nothing was changed");
    assertThat(refusal("larder:migrate rollback 1 --dry-run")).startsWith("Nothing was done");
    assertThat(refusal("larder:health all")).startsWith("'all' is a word too many");
    assertThat(refusal("larder:help nothing")).isEqualTo("There is no command nothing");
    for (String letters : new String[] {"replay", "discard"}) {
      assertThat(refusal("larder:" + letters + " nobody --all"))
          .isEqualTo("There is no follower nobody; larder:followers names them");
    }
    refusedByRest("{\"primary\":\"nowhere\"}", "BACKEND_UNKNOWN");
    refusedByRest("{\"primary\":\"main\",\"mirrors\":[\"nowhere\"]}", "BACKEND_UNKNOWN");
    refusedByRest("{\"primary\":\"main\",\"read_from\":\"second\"}", "ROUTE_INVALID");
    assertThat(node.http().get(ROUTES).body()).contains("\"count\":1").doesNotContain("nowhere");
  }

  @Test
  void databaseInThePlaceOfAnotherIsTakenOnlyWhenThatIsMeant() throws Exception {
    SqliteSetup.addBackend(data.resolve("config"), "third");
    awaitIn("/api/v1/admin/backends", "\"name\":\"third\"");
    String primary = HttpNode.text("primary", node.http().get(ROUTES + "/*").body());
    answer("larder:route translation_tasks " + primary + " --mirrors third");
    awaitThird(FOLLOWS);
    accept(0);

    putInPlaceOfTheThird(data.resolve("empty"), data.resolve("aside"));
    assertThat(answer("larder:adopt third")).contains("DIFFERENT_STORE: ", "--yes");
    awaitThird(OTHER_STORE);
    assertThat(answer("larder:adopt third --yes")).contains("Follower third goes on");
    awaitThird(FOLLOWS);

    putInPlaceOfTheThird(data.resolve("aside"), data.resolve("former"));
    assertThat(adopt("").statusCode()).isEqualTo(422);
    awaitThird(OTHER_STORE);
    accept(1);
    assertThat(adopt("?yes=true").body()).contains("\"status\":\"adopted\"");
    awaitThird(FOLLOWS);

    awaitIn(
        ROUTES + "/translation_tasks", "\"third\",\"role\":\"mirror\",\"completeness\":\"live\"");
    answer("larder:swap translation_tasks third");
    awaitIn(ROUTES + "/translation_tasks", "\"source\":\"third\"");
    assertThat(node.http().storedTasks("adopted")).isEqualTo(2 * BATCH);
    answer("larder:swap translation_tasks " + primary);
    awaitIn(ROUTES + "/translation_tasks", "\"source\":\"" + primary + "\"");
    answer("larder:route translation_tasks --remove");
  }

  /** While its backend is away, the database of the third is moved, and another, if any, comes. */
  private static void putInPlaceOfTheThird(Path other, Path aside) throws Exception {
    Path configuration = SqliteSetup.file(data.resolve("config"), "third");
    String text = Files.readString(configuration);
    Files.delete(configuration);
    awaitThird("\"state\":\"away\"");
    // Whoever closes the database last takes its write-ahead log away.
    Path log = data.resolve("third.db-wal");
    assertThat(Waiting.until(PATIENCE, () -> !Files.exists(log))).as("it is closed").isTrue();
    move(data, Files.createDirectories(aside));
    move(Files.createDirectories(other), data);
    Files.writeString(configuration, text);
    awaitThird(OTHER_STORE);
  }

  private static void move(Path from, Path to) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from, "third.db{,-wal,-shm}")) {
      for (Path file : files) {
        Files.move(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void accept(int batch) throws Exception {
    HttpResponse<String> reply =
        node.http()
            .post("/api/v1/translation/tasks/batch", Tasks.batch("adopted", batch * BATCH, BATCH));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(202);
  }

  private static HttpResponse<String> adopt(String query) throws Exception {
    return node.http().post("/api/v1/admin/followers/third/adopt" + query, "");
  }

  private static void awaitThird(String state) throws Exception {
    awaitIn("/api/v1/admin/followers", "\"name\":\"third\",[^}]*" + state);
  }

  private static void awaitIn(String path, String pattern) throws Exception {
    Pattern wanted = Pattern.compile(pattern);
    boolean reached =
        Waiting.until(PATIENCE, () -> wanted.matcher(node.http().get(path).body()).find());
    assertThat(reached).as("%s\n%s", node.http().get(path).body(), node.output()).isTrue();
  }

  private static void await(String state) throws Exception {
    boolean reached =
        Waiting.until(PATIENCE, () -> node.http().get(ROUTES + "/*").body().contains(state));
    assertThat(reached).as("%s", node.http().get(ROUTES).body()).isTrue();
  }

  private static String answer(String command) throws Exception {
    NodeProcess.Ended ended = node.run("shell", command);
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(ended.output()).doesNotContain(" INFO ");
    return ended.output();
  }

  private static void refusedByRest(String route, String code) throws Exception {
    HttpResponse<String> reply = node.http().post(ROUTES + "/*", route);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(422);
    assertThat(reply.body()).contains("\"code\":\"" + code + "\"");
  }

  private static String refusal(String command) throws Exception {
    NodeProcess.Ended ended = node.run("shell", command);
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
    return ended.output().strip();
  }
}
