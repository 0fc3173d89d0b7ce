package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that keeps an archive in S3. */
class S3ProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String VARIABLES = "LARDER__LARDER_STORAGE_S3_ARCHIVE__";
  private static final String ROUTE = "/api/v1/admin/routes/*";
  private static final String TASKS = "/api/v1/translation/tasks";
  private static final Pattern KEY = Pattern.compile("\"_key\":\"([^\"]+)\"");
  private static final int BATCH = 100;

  @TempDir Path folder;

  @Test
  void archiveHasWhatWasAcceptedAlsoAfterItsServerWasAway() throws Exception {
    Path data = folder.resolve("data");
    try (S3Process server = S3Process.over(folder.resolve("s3"));
        NodeProcess node = new NodeProcess(data, S3Process.environment(VARIABLES))) {
      configure(data.resolve("config"), server);
      node.start();
      route(node);
      accept(node, "kept", 0);
      accept(node, "kept", 1);
      accept(node, "deleted", 0);
      awaitArchive(node);
      assertThat(lines(server)).anyMatch(line -> line.contains("\"source_text\":\"开始 7\""));
      assertThat(keys(server)).isEqualTo(withDeleted(keysOf("kept", 2)));

      server.stop();
      accept(node, "kept", 2);
      assertThat(node.http().delete("/api/v1/translation/sessions/deleted").statusCode())
          .isEqualTo(200);
      assertThat(node.http().storedTasks("deleted")).isZero();
      server.start();
      awaitArchive(node);
      assertThat(keys(server)).isEqualTo(withDeleted(keysOf("kept", 3)));

      assertThat(node.run("shell", "felix:stop org.larder.storage-sqlite").exitCode()).isZero();
      assertThat(archived(node, "kept")).isEqualTo(3 * BATCH);
      // The archive keeps what is deleted elsewhere.
      assertThat(archived(node, "deleted")).isEqualTo(BATCH);
      node.terminate();
      assertThat(node.waitForEnd(PATIENCE).output()).doesNotContain(S3Process.SECRET);
    }
  }

  @Test
  void collectionIsMigratedToABucketAndStaysMirroredThere() throws Exception {
    Path data = folder.resolve("data");
    try (S3Process server = S3Process.over(folder.resolve("s3"));
        NodeProcess node = new NodeProcess(data, S3Process.environment(VARIABLES))) {
      addBackend(data.resolve("config"), server);
      node.start();
      accept(node, "kept", 0);
      accept(node, "kept", 1);
      NodeProcess.Ended refused = node.run("shell", "larder:migrate all main archive --primary");
      assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
      String migrate = "larder:migrate all main archive --mirror";
      assertThat(node.run("shell", migrate + " --dry-run").output())
          .contains("Dry run", "as a mirror");
      assertThat(node.run("shell", migrate).output()).contains("from main to archive");
      boolean mirrored =
          Waiting.until(PATIENCE, () -> migration(node).contains("\"phase\":\"mirrored\""));
      assertThat(mirrored).as(migration(node)).isTrue();
      accept(node, "kept", 2);
      assertThat(node.http().storedTasks("kept")).isEqualTo(3 * BATCH);
      assertThat(Waiting.until(PATIENCE, () -> keys(server).equals(keysOf("kept", 3)))).isTrue();
      assertThat(lines(server)).anyMatch(line -> line.contains("\"source_text\":\"开始 7\""));
      assertThat(node.http().get(TASKS + "/kept-1").headers().firstValue("X-Larder-Source"))
          .hasValue("main");
    }
  }

  private static String migration(NodeProcess node) throws Exception {
    return node.http().get("/api/v1/admin/migrations/1").body();
  }

  private static void addBackend(Path config, S3Process server) throws IOException {
    Path sample = config.resolve("larder.storage.s3-archive.cfg.sample");
    Files.writeString(config.resolve("larder.storage.s3-archive.cfg"), server.configured(sample));
  }

  private static void configure(Path config, S3Process server) throws IOException {
    addBackend(config, server);
    Path routes = config.resolve("larder.routes.cfg");
    Files.writeString(routes, Files.readString(routes) + "\napply_deletes.archive = none\n");
  }

  private static void route(NodeProcess node) throws Exception {
    HttpResponse<String> reply =
        node.http()
            .post(
                ROUTE,
                "{\"primary\":\"main\",\"mirrors\":[\"archive\"],\"read_from\":\"archive\"}");
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
  }

  private static void accept(NodeProcess node, String session, int batch) throws Exception {
    HttpResponse<String> reply =
        node.http().post(TASKS + "/batch", Tasks.batch(session, batch * BATCH, BATCH));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(202);
  }

  /** Waits until the archive has all that was accepted. */
  private static void awaitArchive(NodeProcess node) {
    Pattern caughtUp =
        Pattern.compile(
            "\"backend\":\"archive\",\"role\":\"mirror\",\"completeness\":\"live\"[^}]*\"lag\":0,[^}]*\"apply_deletes\":\"none\"");
    Matcher routes = caughtUp.matcher("");
    boolean reached =
        Waiting.until(PATIENCE, () -> routes.reset(node.http().get(ROUTE).body()).find());
    assertThat(reached).as(node.output()).isTrue();
  }

  private static Set<String> keysOf(String session, int batches) {
    return IntStream.range(0, batches * BATCH)
        .mapToObj(row -> session + "-" + row)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> withDeleted(Set<String> kept) {
    kept.addAll(keysOf("deleted", 1));
    return kept;
  }

  private static Set<String> keys(S3Process server) throws IOException {
    return lines(server).stream()
        .flatMap(line -> KEY.matcher(line).results())
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The objects of the tasks, read as another program would. */
  private static List<String> lines(S3Process server) throws IOException {
    Path records = server.bucket().resolve("larder/records/collection=translation_tasks");
    List<Path> objects;
    try (Stream<Path> files = Files.walk(records)) {
      objects = files.filter(file -> file.toString().endsWith(".jsonl.gz")).toList();
    }
    Stream.Builder<String> lines = Stream.builder();
    for (Path object : objects) {
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(
                  new GZIPInputStream(Files.newInputStream(object)), StandardCharsets.UTF_8))) {
        reader.lines().forEach(lines);
      }
    }
    return lines.build().toList();
  }

  /** How many tasks of a session the archive has, asked while the primary is away. */
  private static long archived(NodeProcess node, String session) throws Exception {
    HttpResponse<String> reply = node.http().get(TASKS + "?page_size=1&session_id=" + session);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(reply.headers().firstValue("X-Larder-Source")).hasValue("archive");
    return HttpNode.number("total", reply.body());
  }
}
