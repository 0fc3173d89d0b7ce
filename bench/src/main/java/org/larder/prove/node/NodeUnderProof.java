package org.larder.prove.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.larder.bench.http.Reply;
import org.larder.bench.node.Node;
import org.larder.bench.node.NodeSetup;
import org.larder.storage.mysql.server.FreePort;

/**
 * The node under proof, which is killed and started again on the same folder and port; for one
 * thread.
 */
public final class NodeUnderProof implements AutoCloseable {
  private static final Duration SHELL_TIMEOUT = Duration.ofMinutes(1);

  private final NodeSetup setup;
  private final int port;
  private Node node;

  private NodeUnderProof(NodeSetup setup, int port) throws IOException {
    this.setup = setup;
    this.port = port;
    this.node = Node.launch(setup, port);
  }

  /** Starts it for the first time and waits until it is ready. */
  public static NodeUnderProof start(NodeSetup setup) throws IOException {
    NodeUnderProof node = new NodeUnderProof(setup, FreePort.find());
    try {
      node.awaitReady();
      return node;
    } catch (IOException | RuntimeException e) {
      try {
        node.kill();
      } catch (IOException stillThere) {
        e.addSuppressed(stillThere);
      }
      throw e;
    }
  }

  /** The port of every start. */
  public int port() {
    return port;
  }

  /** How it is started. */
  public NodeSetup setup() {
    return setup;
  }

  /** The process that runs now. */
  public Node node() {
    return node;
  }

  /** Starts it again without waiting. */
  public void launch() throws IOException {
    node = Node.launch(setup, port);
  }

  /** Waits until it is ready. */
  public void awaitReady() throws IOException {
    node.awaitReady();
  }

  /** Kills it with SIGKILL. */
  public void kill() throws IOException {
    node.kill();
  }

  /** Runs a command in its shell and returns what it printed. */
  public String shell(String command) throws IOException {
    // Into a file: reading from a pipe would wait for as long as the command hangs.
    Path output = Files.createTempFile("larder-prove-shell-", ".txt");
    try {
      int exitCode = runShell(command, output);
      String printed = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
      if (exitCode != 0) {
        throw new IOException("the shell's command " + command + " failed: " + printed.strip());
      }
      return printed;
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private int runShell(String command, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(setup.distribution().resolve("bin/larder").toString(), "shell", command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("JAVA_HOME", setup.jdk().home().toString());
    environment.put("LARDER_DATA", setup.data().toString());
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(SHELL_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("no end of the shell's command " + command);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in the shell's command " + command, e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Whether the database has, at this moment, all that was acknowledged before the call. */
  public boolean flush() throws IOException {
    Reply reply = node.post("/api/v1/translation/flush", "");
    if (reply.status() != 503) {
      reply.expecting(200);
    }
    return reply.status() == 200;
  }

  /** As {@link Node#lag} says. */
  public long lag(String backend) throws IOException {
    return node.lag(backend);
  }

  /** As {@link Node#follower} says. */
  public JsonNode follower(String backend) throws IOException {
    return node.follower(backend);
  }

  /** The different files in its memory whose name contains that. */
  public Set<String> mapped(String name) throws IOException {
    List<String> maps = Files.readAllLines(Path.of("/proc", Long.toString(node.pid()), "maps"));
    try (Stream<String> lines = maps.stream()) {
      return lines
          .map(line -> line.split(" +", 6))
          .filter(words -> words.length == 6 && words[5].contains(name))
          .map(words -> "inode " + words[4] + " " + words[5])
          .collect(Collectors.toSet());
    }
  }

  @Override
  public void close() throws IOException {
    node.close();
  }
}
