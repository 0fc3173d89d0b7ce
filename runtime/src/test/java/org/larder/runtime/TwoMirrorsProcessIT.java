package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that keeps two copies of its database. */
class TwoMirrorsProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String ROUTE = "/api/v1/admin/routes/*";
  private static final String TASKS = "/api/v1/translation/tasks";
  private static final int BATCH = 100;

  @TempDir Path folder;

  @Test
  void allThreeHaveTheSameAlsoWhereOneCopyWasAwayMeanwhile() throws Exception {
    Path config = folder.resolve("data/config");
    try (NodeProcess node = new NodeProcess(folder.resolve("data"), Map.of())) {
      SqliteSetup.addBackend(config, "copy1");
      SqliteSetup.addBackend(config, "copy2");
      Path routes = config.resolve("larder.routes.cfg");
      Files.writeString(
          routes,
          Files.readString(routes)
              .replaceFirst("(?m)^route\\.\\* = .*$", "route.* = main, copy1, copy2"));
      node.start();
      Writers writers = Writers.start(node.http(), "kept", 2);
      writers.awaitMore(5);
      Path first = SqliteSetup.file(config, "copy1");
      Path aside = Files.move(first, folder.resolve("aside"));
      await(node, () -> metric(node, "larder_follower_up", "copy1") == 0);
      writers.awaitMore(5);
      int accepted = writers.stop();
      assertThat(writers.refused()).isEmpty();
      post(node, TASKS + "/batch", Tasks.batch("deleted", 0, BATCH), 202);
      assertThat(node.http().delete("/api/v1/translation/sessions/deleted").statusCode())
          .isEqualTo(200);
      await(node, () -> lag(node, "main") == 0 && lag(node, "copy2") == 0);
      assertThat(lag(node, "copy1")).isPositive();

      Files.move(aside, first);
      await(node, () -> lag(node, "copy1") == 0 && metric(node, "larder_follower_up", "copy1") > 0);
      String primary = node.http().contents("kept", "main", accepted);
      swap(node, "copy1", "main", "copy2");
      assertThat(node.http().contents("kept", "copy1", accepted)).isEqualTo(primary);
      swap(node, "copy2", "main", "copy1");
      assertThat(node.http().contents("kept", "copy2", accepted)).isEqualTo(primary);
      assertThat(node.http().storedTasks("deleted")).isZero();
    }
  }

  private static void await(NodeProcess node, Waiting.Condition condition) {
    assertThat(Waiting.until(PATIENCE, condition)).as(node.output()).isTrue();
  }

  private static long lag(NodeProcess node, String follower) throws Exception {
    return metric(node, "larder_follower_lag_records", follower);
  }

  private static long metric(NodeProcess node, String name, String follower) throws Exception {
    String metrics = node.http().get("/metrics").body();
    Matcher sample =
        Pattern.compile("(?m)^" + name + "\\{follower=\"" + follower + "\"\\} (\\d+)")
            .matcher(metrics);
    assertThat(sample.find()).as(metrics).isTrue();
    return Long.parseLong(sample.group(1));
  }

  private static void post(NodeProcess node, String path, String body, int status)
      throws Exception {
    HttpResponse<String> reply = node.http().post(path, body);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
  }

  /** Until the new primary has reached the swap, the old one is read from. */
  private static void swap(NodeProcess node, String primary, String... mirrors) throws Exception {
    String route =
        "{\"primary\":\"%s\",\"mirrors\":[\"%s\"]}"
            .formatted(primary, String.join("\",\"", List.of(mirrors)));
    post(node, ROUTE, route, 200);
    await(
        node,
        () ->
            HttpNode.source(node.http().get(TASKS + "?page_size=1&session_id=kept"))
                .equals(primary));
  }
}
