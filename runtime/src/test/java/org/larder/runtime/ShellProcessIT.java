package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about backends and routes, typed at a node with two databases. */
class ShellProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final String ROUTES = "/api/v1/admin/routes";

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
    for (String letters : new String[] {"replay", "discard"}) {
      assertThat(refusal("larder:" + letters + " nobody --all"))
          .isEqualTo("There is no follower nobody; larder:followers names them");
    }
    assertThat(node.http().get(ROUTES).body()).contains("\"count\":1").doesNotContain("nowhere");
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

  private static String refusal(String command) throws Exception {
    NodeProcess.Ended ended = node.run("shell", command);
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
    return ended.output().strip();
  }
}
