package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of routes, changed under a running node. */
class RouteFileProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ROUTES = "/api/v1/admin/routes";
  private static final String TASKS = "/api/v1/translation/tasks";
  private static final int BATCH = 50;

  @TempDir Path data;

  @Test
  void routesThatCannotBeLeaveTheOldOnesAndOthersAreTaken() throws Exception {
    try (NodeProcess node = new NodeProcess(data, Map.of())) {
      Path config = data.resolve("config");
      SqliteSetup.addBackend(config, "second");
      node.start();
      accept(node, 0);
      String before = node.http().get(ROUTES).body();
      assertThat(before).contains("\"primary\":\"main\"");

      Path routes = config.resolve("larder.routes.cfg");
      replace(routes, "route.* = main, nowhere\n");
      awaitLog(node, "There is no backend nowhere; configure it first");
      replace(routes, "route.* = main, second\nread_from.* = elsewhere\n");
      awaitLog(node, "elsewhere is no mirror of * to be read from");
      assertThat(node.http().get(ROUTES).body()).contains("\"mirrors\":[]");
      accept(node, 1);

      replace(routes, "route.* = main, second\nread_from.* = second\n");
      await(node, "\"backend\":\"second\",\"role\":\"mirror\",\"completeness\":\"live\"");
      assertThat(node.http().get(ROUTES).body()).contains("\"read_from\":\"second\"");
      accept(node, 2);
      assertThat(node.http().storedTasks("file")).isEqualTo(3 * BATCH);
      assertThat(source(node)).hasValue("main");
      await(node, "\"lag\":0,.*\"lag\":0,");

      Path main = SqliteSetup.file(config, "main");
      String sample = Files.readString(main);
      Files.delete(main);
      assertThat(Waiting.until(PATIENCE, () -> source(node).equals(Optional.of("second"))))
          .as(node.output())
          .isTrue();
      assertThat(HttpNode.number("total", list(node).body())).isEqualTo(3 * BATCH);
      accept(node, 3);
      replace(main, sample);
      assertThat(Waiting.until(PATIENCE, () -> source(node).equals(Optional.of("main"))))
          .as(node.output())
          .isTrue();
      assertThat(node.http().storedTasks("file")).isEqualTo(4 * BATCH);
    }
  }

  /** The file changes at once, as an operator's editor does it. */
  private static void replace(Path file, String text) throws Exception {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void accept(NodeProcess node, int batch) throws Exception {
    HttpResponse<String> reply =
        node.http().post(TASKS + "/batch", Tasks.batch("file", batch * BATCH, BATCH));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(202);
  }

  private static HttpResponse<String> list(NodeProcess node) throws Exception {
    return node.http().get(TASKS + "?page_size=1&session_id=file");
  }

  /** Who answered; empty while nobody does. */
  private static Optional<String> source(NodeProcess node) throws Exception {
    HttpResponse<String> reply = list(node);
    return reply.statusCode() == 200
        ? reply.headers().firstValue("X-Larder-Source")
        : Optional.empty();
  }

  private static void await(NodeProcess node, String pattern) throws Exception {
    Pattern state = Pattern.compile(pattern);
    boolean reached =
        Waiting.until(PATIENCE, () -> state.matcher(node.http().get(ROUTES).body()).find());
    assertThat(reached).as("%s", node.http().get(ROUTES).body()).isTrue();
  }

  private static void awaitLog(NodeProcess node, String sentence) {
    boolean said =
        Waiting.until(
            PATIENCE,
            () ->
                node.output()
                    .lines()
                    .anyMatch(line -> line.contains("ERROR") && line.contains(sentence)));
    assertThat(said).as(node.output()).isTrue();
  }
}
