package org.larder.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.larder.storage.mysql.server.FreePort;

/** A node of the distribution in a process of its own. Used by one thread. */
final class NodeProcess implements AutoCloseable {
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);

  private final Path data;
  private final Path config;
  private final Path output;
  private final int port;
  private final Map<String, String> environment;
  private Process process;

  /** A node on that data folder, not started yet. */
  NodeProcess(Path data, Map<String, String> environment) throws IOException {
    this(data, FreePort.find(), environment);
  }

  NodeProcess(Path data, int port, Map<String, String> environment) throws IOException {
    this.data = data;
    this.port = port;
    this.environment = environment;
    config = data.resolve("config");
    if (!Files.isDirectory(config)) {
      Distribution.underTest().copyOfConfig(config);
    }
    output = Files.createTempFile("larder-node", ".out");
  }

  /** Starts it as {@code larder run} does, and does not wait. */
  NodeProcess launch() throws IOException {
    process = command("run").redirectOutput(output.toFile()).start();
    return this;
  }

  /** Starts it and waits until it says that it is ready. */
  NodeProcess start() throws IOException {
    launch();
    Path ready = data.resolve("run/ready");
    boolean isReady =
        Waiting.until(
            START_PATIENCE, () -> !process.isAlive() || (Files.exists(ready) && pidIsOurs()));
    if (!isReady || !process.isAlive()) {
      throw new AssertionError("The node did not start:\n" + output());
    }
    return this;
  }

  /** Runs another command of {@code bin/larder} in the same environment, to its end. */
  Ended run(String... words) throws IOException, InterruptedException {
    Path file = Files.createTempFile("larder-command", ".out");
    Process started = command(words).redirectOutput(file.toFile()).start();
    if (!started.waitFor(90, TimeUnit.SECONDS)) {
      started.destroyForcibly();
      throw new AssertionError("larder " + String.join(" ", words) + " does not end");
    }
    return new Ended(started.exitValue(), Files.readString(file));
  }

  /** How a process ended and what it said. */
  record Ended(int exitCode, String output) {}

  Ended waitForEnd(Duration patience) throws IOException, InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("Still running after " + patience + ":\n" + output());
    }
    return new Ended(process.exitValue(), output());
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  HttpNode http() {
    return new HttpNode(port);
  }

  int port() {
    return port;
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }

  private boolean pidIsOurs() throws IOException {
    Path file = data.resolve("run/node.pid");
    return Files.exists(file)
        && Files.readString(file).strip().equals(Long.toString(process.pid()));
  }

  private ProcessBuilder command(String... words) {
    List<String> command = new ArrayList<>();
    command.add(Distribution.underTest().home().resolve("bin/larder").toString());
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("LARDER_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("LARDER_DATA", data.toString());
    builder.environment().put("LARDER_CONFIG", config.toString());
    builder.environment().put("LARDER_HTTP_PORT", Integer.toString(port));
    builder.environment().putAll(environment);
    return builder;
  }
}
