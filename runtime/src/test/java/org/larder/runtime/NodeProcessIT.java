package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeProcessIT {
  private static final Duration STOP_BOUND = Duration.ofSeconds(10);
  private static final Duration REFUSAL_BOUND = Duration.ofSeconds(30);

  @TempDir Path data;

  @Test
  void secondNodeOnTheSameDataIsRefused() throws Exception {
    try (NodeProcess first = new NodeProcess(data, Map.of()).start();
        NodeProcess second = new NodeProcess(data, Map.of()).launch()) {
      NodeProcess.Ended refused = second.waitForEnd(REFUSAL_BOUND);
      assertThat(refused.exitCode()).isEqualTo(6);
      assertThat(refused.output().strip())
          .startsWith("larder: another node (process ")
          .contains(data.toString())
          .doesNotContain("\n");
      assertThat(first.http().get("/health/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void portInUseIsOneClearLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        NodeProcess node = new NodeProcess(data, taken.getLocalPort(), Map.of()).launch()) {
      NodeProcess.Ended refused = node.waitForEnd(REFUSAL_BOUND);
      assertThat(refused.exitCode()).isEqualTo(4);
      assertThat(refused.output().strip())
          .startsWith("larder: cannot listen on 127.0.0.1:" + taken.getLocalPort())
          .doesNotContain("\n");
      assertThat(node.run("start").exitCode()).isEqualTo(4);
    }
  }

  @Test
  void addressThatOthersReachNeedsKeys() throws Exception {
    try (NodeProcess node = new NodeProcess(data, Map.of("LARDER_HTTP_HOST", "0.0.0.0")).launch()) {
      NodeProcess.Ended refused = node.waitForEnd(REFUSAL_BOUND);
      assertThat(refused.exitCode()).isEqualTo(5);
      assertThat(refused.output()).contains("no API key").doesNotContain("Exception");
    }
  }

  @Test
  void sigtermStopsCleanlyAndFreesTheData() throws Exception {
    try (NodeProcess node = new NodeProcess(data, Map.of()).start()) {
      node.terminate();
      assertThat(node.waitForEnd(STOP_BOUND).exitCode()).isZero();
      assertThat(data.resolve("run/node.pid")).doesNotExist();
      assertThat(data.resolve("run/ready")).doesNotExist();
      assertThat(node.output()).doesNotContain("Exception", "ERROR");
    }
  }

  @Test
  void clientsThatStandStillDoNotHoldUpTheStop() throws Exception {
    try (NodeProcess node = new NodeProcess(data, Map.of()).start()) {
      String path = "/api/v1/translation/tasks/batch";
      String upload = Tasks.batch("upload", 0, 100);
      assertThat(node.http().post(path, upload).statusCode()).isEqualTo(202);
      SlowClient writer = SlowClient.posting(node.port(), path, upload);
      try {
        node.terminate();
        assertThat(node.waitForEnd(STOP_BOUND).exitCode()).as(node.output()).isZero();
        assertThat(node.output()).doesNotContain("not stopped");
        assertThat(data.resolve("logs/larder.log"))
            .content()
            .contains("connections that were still");
      } finally {
        writer.close();
      }
    }
  }

  @Test
  void killedNodeLeavesNothingThatHindersTheNext() throws Exception {
    try (NodeProcess killed = new NodeProcess(data, Map.of()).start()) {
      killed.kill();
    }
    assertThat(data.resolve("run/node.pid")).exists();
    // The system may give the next one the same process id, and so the same cache of bundles.
    Path cache = onlyCache();
    Path bundle = Files.createDirectory(cache.resolve("bundle999"));
    Path ofAnother = Files.createDirectory(data.resolve("run/cache-999"));
    Map<String, String> sameCache = Map.of("LARDER_JAVA_OPTS", "-Dlarder.cache=" + cache);
    try (NodeProcess next = new NodeProcess(data, sameCache).start()) {
      assertThat(next.http().get("/health/ready").statusCode()).isEqualTo(200);
      assertThat(bundle).doesNotExist();
      assertThat(ofAnother).doesNotExist();
      assertThat(onlyCache()).isEqualTo(cache);
    }
  }

  private Path onlyCache() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("run"))) {
      List<Path> caches =
          files.filter(file -> file.getFileName().toString().startsWith("cache-")).toList();
      assertThat(caches).hasSize(1);
      return caches.get(0);
    }
  }

  @Test
  void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
    int acknowledged = 0;
    try (NodeProcess killed = new NodeProcess(data, Map.of()).start()) {
      for (int batch = 0; batch < 40; batch++) {
        HttpResponse<String> reply =
            killed
                .http()
                .post("/api/v1/translation/tasks/batch", Tasks.batch("killed", batch * 100, 100));
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(202);
        acknowledged += 100;
      }
      killed.kill();
    }
    try (NodeProcess next = new NodeProcess(data, Map.of()).start()) {
      assertThat(next.http().storedTasks("killed")).isEqualTo(acknowledged);
    }
  }

  @Test
  void stopUnderLoadKeepsWhatWasAcknowledged() throws Exception {
    int acknowledged = 0;
    try (NodeProcess stopped = new NodeProcess(data, Map.of()).start()) {
      for (int batch = 0; batch < 20; batch++) {
        stopped
            .http()
            .post("/api/v1/translation/tasks/batch", Tasks.batch("stopped", batch * 100, 100));
        acknowledged += 100;
      }
      stopped.terminate();
      assertThat(stopped.waitForEnd(STOP_BOUND).exitCode()).isZero();
    }
    try (NodeProcess next = new NodeProcess(data, Map.of()).start()) {
      assertThat(next.http().storedTasks("stopped")).isEqualTo(acknowledged);
    }
  }

  @Test
  void startStatusShellAndStopWorkTogether() throws Exception {
    try (NodeProcess node = new NodeProcess(data, Map.of())) {
      NodeProcess.Ended started = node.run("start");
      assertThat(started.output())
          .contains("listening on http://127.0.0.1:" + node.port())
          .contains("ready in");
      assertThat(started.exitCode()).isZero();
      try {
        assertThat(node.run("status").output()).contains("running as process");
        assertThat(node.run("start").output()).contains("already running");
        NodeProcess.Ended help = node.run("shell", "larder:help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.output()).contains("followers", "recovery");
        assertThat(node.run("shell", "larder:backends").output()).contains("primary", "BLOBS");
        // A store is missing until its files are counted.
        Waiting.until(
            Duration.ofSeconds(30),
            () -> node.http().get("/metrics").body().contains("larder_blob_store_up"));
        assertThat(node.http().get("/metrics").body().lines())
            .contains("larder_blob_store_up{store=\"main\"} 1")
            .contains("larder_blob_objects{store=\"main\"} 0");
        // Bundles by their symbolic name and by their number.
        assertThat(node.run("shell", "felix:stop org.larder.storage-sqlite").exitCode()).isZero();
        assertThat(node.run("shell", "felix:headers 1").exitCode()).isZero();
        assertThat(node.run("shell", "no:such").exitCode()).isEqualTo(1);
      } finally {
        assertThat(node.run("stop").output()).contains("stopped");
      }
      assertThat(node.run("status").exitCode()).isEqualTo(3);
    }
  }

  @Test
  void everyNameOfTheDataFolderFindsTheNode() throws Exception {
    Path folder = Files.createDirectories(data.resolve("x/data"));
    Path link = Files.createSymbolicLink(data.resolve("link"), folder);
    Path here = Path.of("").toRealPath();
    List<String> names =
        List.of(
            folder + "/",
            folder + "/../data",
            here.relativize(folder.toRealPath()).toString(),
            link.toString());
    try (NodeProcess node = new NodeProcess(folder, Map.of("LARDER_DATA", folder + "/"))) {
      assertThat(node.run("start").exitCode()).isZero();
      try {
        for (String name : names) {
          NodeProcess same = new NodeProcess(folder, Map.of("LARDER_DATA", name));
          assertThat(same.run("status").output()).as(name).contains("running as process");
          assertThat(same.run("start").exitCode()).as(name).isEqualTo(6);
          assertThat(folder.resolve("run/ready")).as(name).exists();
        }
        NodeProcess linked = new NodeProcess(folder, Map.of("LARDER_DATA", link.toString()));
        assertThat(linked.run("shell", "larder:help").exitCode()).isZero();
        assertThat(linked.run("stop").output()).contains("stopped");
      } finally {
        node.run("stop");
      }
      assertThat(folder.resolve("run/node.pid")).doesNotExist();
    }
  }

  @Test
  void emptyConfigurationFolderGetsTheSamples() throws Exception {
    Path empty = Files.createDirectories(data.resolve("empty"));
    try (NodeProcess node =
        new NodeProcess(data, Map.of("LARDER_CONFIG", empty.toString())).start()) {
      assertThat(empty.resolve("larder.buffer.cfg")).exists();
      assertThat(node.http().get("/health/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void secondStartKeepsTheConsoleOfANodeThatItMisses() throws Exception {
    try (NodeProcess node = new NodeProcess(data, Map.of())) {
      assertThat(node.run("start").exitCode()).isZero();
      Path pid = data.resolve("run/node.pid");
      Path console = data.resolve("logs/console.log");
      String owner = Files.readString(pid);
      Files.writeString(console, "what the JVM has said\n", StandardOpenOption.APPEND);
      Files.delete(pid);
      try {
        NodeProcess.Ended missed = node.run("start");
        assertThat(missed.exitCode()).isEqualTo(6);
        assertThat(missed.output()).startsWith("larder: another node is running");
        assertThat(console).content().startsWith("what the JVM has said").contains("another node");
      } finally {
        Files.writeString(pid, owner);
        assertThat(node.run("stop").output()).contains("stopped");
      }
    }
  }

  @Test
  void dataFolderThatCannotBeWrittenIsOneClearLine() throws Exception {
    Path file = Files.createFile(data.resolve("file"));
    for (String folder : List.of(file + "/data", "/proc/larder")) {
      try (NodeProcess node = new NodeProcess(data, Map.of("LARDER_DATA", folder))) {
        for (String command : List.of("run", "start")) {
          NodeProcess.Ended refused = node.run(command);
          assertThat(refused.exitCode()).as(command).isEqualTo(2);
          assertThat(refused.output().strip())
              .startsWith("larder: cannot create the data folder " + folder)
              .contains("LARDER_DATA")
              .doesNotContain("\n");
        }
      }
    }
  }

  @Test
  void pluginThatExportsThePlatformsPackagesIsNamedOnce() throws Exception {
    Path plugins = Distribution.underTest().home().resolve("plugins");
    byte[] jar = PluginJar.of("impostor", Map.of("Export-Package", "org.larder.storage.spi"));
    Path impostor = PluginJar.drop(jar, plugins, "impostor");
    try (NodeProcess node = new NodeProcess(data, Map.of()).start()) {
      assertThat(node.http().get("/health/ready").statusCode()).isEqualTo(200);
      assertThat(node.output().lines().filter(line -> line.contains("Refused the bundle")))
          .as(node.output())
          .singleElement()
          .asString()
          .contains("ERROR", "impostor", "org.larder.storage.spi", "without Export-Package");
    } finally {
      Files.delete(impostor);
    }
  }

  @Test
  void jvmThatCannotTrimItsMemoryStartsAllTheSame() throws Exception {
    Path java = Files.createDirectories(data.resolve("jdk/bin")).resolve("java");
    String real = System.getProperty("java.home") + "/bin/java";
    Files.writeString(
        java,
        """
        #!/bin/sh
        case "$*" in *TrimNativeHeapInterval*) echo "Unrecognized VM option" >&2; exit 1 ;; esac
        exec %s "$@"
        """
            .formatted(real));
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Map<String, String> environment = Map.of("JAVA_HOME", data.resolve("jdk").toString());
    try (NodeProcess node = new NodeProcess(data, environment).start()) {
      assertThat(node.http().get("/health/ready").statusCode()).isEqualTo(200);
      assertThat(node.output()).doesNotContain("Unrecognized");
    }
  }

  @Test
  void oldJdkIsNamed() throws IOException, InterruptedException {
    Path jdk = Files.createDirectories(data.resolve("jdk/bin"));
    Path java = jdk.resolve("java");
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    try (NodeProcess node =
        new NodeProcess(data, Map.of("JAVA_HOME", data.resolve("jdk").toString()))) {
      NodeProcess.Ended refused = node.run("run");
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.output()).contains("found Java 11.0.2").contains("needs JDK 17");
    }
  }
}
