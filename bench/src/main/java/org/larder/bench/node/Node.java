package org.larder.bench.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.larder.bench.http.Connection;
import org.larder.bench.http.Reply;

/** A node that this program started, as a process of its own; for one thread. */
public final class Node implements AutoCloseable {
  private static final byte[] READY = Connection.get("/health/ready");
  private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration REPLY_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(10);

  private final NodeSetup setup;
  private final Process process;
  private final int port;
  private final long beginNanos;
  private final Connection connection;
  private Duration readyAfter = Duration.ZERO;

  private Node(NodeSetup setup, Process process, int port, long beginNanos) {
    this.setup = setup;
    this.process = process;
    this.port = port;
    this.beginNanos = beginNanos;
    this.connection = new Connection(port, REPLY_TIMEOUT);
  }

  /** Starts a node on its folder, new or used, and waits for the first 200 of /health/ready. */
  public static Node start(NodeSetup setup) throws IOException {
    writeConfiguration(setup);
    return startAsConfigured(setup);
  }

  /** The same with a configuration that was laid into its folder before. */
  public static Node startAsConfigured(NodeSetup setup) throws IOException {
    Node node = launch(setup, freePort());
    try {
      node.awaitReady();
    } catch (IOException | RuntimeException e) {
      node.process.destroyForcibly();
      throw e;
    }
    return node;
  }

  /**
   * Starts a node on its folder and returns at once.
   *
   * @param setup its configuration is taken as it lies there
   */
  public static Node launch(NodeSetup setup, int port) throws IOException {
    Files.createDirectories(setup.data());
    ProcessBuilder builder =
        new ProcessBuilder(setup.distribution().resolve("bin/larder").toString(), "run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(console(setup).toFile()))
            .directory(setup.folder().toFile());
    Map<String, String> environment = builder.environment();
    environment.put("JAVA_HOME", setup.jdk().home().toString());
    environment.put("LARDER_HTTP_HOST", "127.0.0.1");
    environment.put("LARDER_HTTP_PORT", Integer.toString(port));
    environment.put("LARDER_DATA", setup.data().toString());
    environment.put("LARDER_CONFIG", setup.config().toString());
    long begin = System.nanoTime();
    return new Node(setup, builder.start(), port, begin);
  }

  private static Path console(NodeSetup setup) {
    return setup.folder().resolve("console.log");
  }

  /** Waits for the first 200 of /health/ready; fails when the process ends instead. */
  public void awaitReady() throws IOException {
    while (!isReady(port)) {
      if (!process.isAlive()) {
        throw new IOException(
            "the node ended with " + process.exitValue() + ": " + lastLines(console(setup)));
      }
      if (System.nanoTime() - beginNanos > START_TIMEOUT.toNanos()) {
        throw new IOException(
            "the node was not ready after "
                + START_TIMEOUT.toSeconds()
                + " s: "
                + lastLines(console(setup)));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    readyAfter = Duration.ofNanos(System.nanoTime() - beginNanos);
  }

  private static boolean isReady(int port) {
    try (Connection probe = new Connection(port, Duration.ofSeconds(5))) {
      return probe.exchange(READY).status() == 200;
    } catch (IOException e) {
      return false; // Nobody listens yet.
    }
  }

  private static String lastLines(Path console) throws IOException {
    List<String> lines = Files.readAllLines(console);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  /** Lays the shipped configuration into the node's folder, with what the setup changes in it. */
  public static void writeConfiguration(NodeSetup setup) throws IOException {
    Files.createDirectories(setup.config());
    try (Stream<Path> samples = Files.list(setup.distribution().resolve("config"))) {
      for (Path sample : samples.toList()) {
        Path copy = setup.config().resolve(sample.getFileName().toString());
        Files.copy(sample, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Path file = setup.config().resolve("larder.buffer.cfg");
    List<String> lines = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (!setup.buffer().containsKey(line.split("[ =:]", 2)[0])) {
          lines.add(line);
        }
      }
    }
    setup.buffer().forEach((key, value) -> lines.add(key + " = " + value));
    Files.write(file, lines);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** From the start of the process to the first 200 of /health/ready. */
  public Duration readyAfter() {
    return readyAfter;
  }

  /** How it was started. */
  public NodeSetup setup() {
    return setup;
  }

  /** The id of its process. */
  public long pid() {
    return process.pid();
  }

  /** What the system says about its process. */
  public ProcessFigures figures() throws IOException {
    return ProcessFigures.of(process.pid());
  }

  /** Asks it over one kept connection. */
  public Reply get(String path) throws IOException {
    return connection.exchange(Connection.get(path));
  }

  /** Posts JSON over the same connection. */
  public Reply post(String path, String json) throws IOException {
    return connection.post(path, json);
  }

  /** Returns once the backend holds all that was acknowledged. */
  public void flush() throws IOException {
    long begin = System.nanoTime();
    // A flush has a deadline of its own; with much to drain it says 503 and is asked again.
    while (true) {
      Reply reply = post("/api/v1/translation/flush", "");
      if (reply.status() == 200) {
        return;
      }
      if (reply.status() != 503 || System.nanoTime() - begin > REPLY_TIMEOUT.toNanos()) {
        reply.expecting(200);
      }
    }
  }

  /** How many records the backend is behind. */
  public long lag(String backend) throws IOException {
    return follower(backend).path("lag").asLong();
  }

  /** What the admin API says about the follower of that backend. */
  public JsonNode follower(String backend) throws IOException {
    JsonNode followers = get("/api/v1/admin/followers").expecting(200).json();
    for (JsonNode follower : followers.path("followers")) {
      if (follower.path("backend").asText().equals(backend)) {
        return follower;
      }
    }
    throw new IOException("nothing follows for " + backend + ": " + followers);
  }

  /** The SQLite database that it keeps; it may be opened to read while the node runs. */
  public Path database() throws IOException {
    try (Stream<Path> files = Files.walk(setup.data(), 2)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".db"))
          .findFirst()
          .orElseThrow(() -> new IOException("no database in " + setup.data()));
    }
  }

  /** Kills it at once with SIGKILL, as kill -9 does. */
  public void kill() throws IOException {
    process.destroyForcibly();
    awaitEnd();
    connection.close();
  }

  /** Stops it with SIGTERM and waits for its end. */
  @Override
  public void close() throws IOException {
    connection.close();
    process.destroy();
    awaitEnd();
  }

  private void awaitEnd() throws IOException {
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("the node did not stop within " + STOP_TIMEOUT.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a node stopped", e);
    }
  }
}
