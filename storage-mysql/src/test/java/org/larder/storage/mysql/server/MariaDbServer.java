package org.larder.storage.mysql.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A MariaDB server, or the one of MySQL or MariaDB that the property {@code larder.mysqld} names,
 * with a data folder of its own, on a free port of this machine. It ends with the process that
 * started it, however that ends: a shell waits for its standard input to be closed. For one thread
 * at a time.
 */
public final class MariaDbServer implements AutoCloseable {
  /** The account that may do everything; it has no password. */
  public static final String ROOT = "root";

  private static final long START_SECONDS = 60;

  /** What the files of the server's certificate are called. */
  private static final String CERTIFIED = "server";

  private static final int POLL_MILLIS = 50;
  private static final int ANSWER_MILLIS = 200;

  /** Runs the server until nobody holds the other end of the standard input. */
  private static final String SUPERVISOR =
      "\"$@\" & server=$!; cat > /dev/null; kill -CONT $server 2> /dev/null;"
          + " kill $server 2> /dev/null; wait $server";

  private final Binaries binaries;
  private final Path data;
  private final int port;
  private final List<String> options;
  private Process process;
  private ProcessHandle server;

  private MariaDbServer(Binaries binaries, Path data, int port, List<String> options) {
    this.binaries = binaries;
    this.data = data;
    this.port = port;
    this.options = options;
  }

  /**
   * Makes a new server and starts it.
   *
   * @param home where the programs are unpacked to, unless they are there
   * @param data a folder that is new or empty
   * @param options of the server, beyond the usual
   */
  public static MariaDbServer start(Path home, Path data, String... options)
      throws IOException, InterruptedException {
    Files.createDirectories(data);
    MariaDbServer server =
        new MariaDbServer(
            Binaries.in(home), data.toAbsolutePath(), FreePort.find(), List.of(options));
    new DataTemplate(home.toAbsolutePath().resolve("data-" + server.binaries.name()))
        .copyTo(data, server::bootstrap);
    return server.start();
  }

  /** Where a database of this server is. */
  public String url(String database) {
    return "jdbc:mysql://127.0.0.1:" + port + "/" + database;
  }

  /** The port. */
  public int port() {
    return port;
  }

  private void bootstrap(Path folder) throws IOException, InterruptedException {
    List<String> command = command(folder);
    command.add(binaries.isMysql() ? "--initialize-insecure" : "--bootstrap");
    Path script = folder.resolveSibling(folder.getFileName() + ".sql");
    try {
      Files.writeString(script, binaries.isMysql() ? "" : binaries.systemTables());
      bootstrap(command, script);
    } finally {
      Files.deleteIfExists(script);
    }
    if (!binaries.isMysql()) {
      certify(folder);
    }
  }

  private void bootstrap(List<String> command, Path script)
      throws IOException, InterruptedException {
    Process bootstrap =
        new ProcessBuilder(command)
            .redirectInput(script.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .start();
    boolean made = false;
    try {
      made = bootstrap.waitFor(START_SECONDS, TimeUnit.SECONDS) && bootstrap.exitValue() == 0;
    } finally {
      // Nobody writes to the folder any more when it is deleted.
      bootstrap.destroyForcibly().onExit().join();
    }
    if (!made) {
      throw new IOException("The server was not made:\n" + output());
    }
  }

  /** As MySQL does; MariaDB makes a longer key at each start, and takes many seconds for it. */
  private static void certify(Path folder) throws IOException, InterruptedException {
    try {
      Authority.in(folder).server(CERTIFIED, "dns:localhost,ip:127.0.0.1");
    } catch (GeneralSecurityException e) {
      throw new IOException("The server has no certificate", e);
    }
  }

  private List<String> command(Path folder) {
    List<String> command = new ArrayList<>();
    command.add(binaries.server().toString());
    command.add("--no-defaults");
    command.add("--basedir=" + binaries.home());
    if (!binaries.isMysql()) {
      command.add("--lc-messages-dir=" + binaries.share());
    }
    command.add("--datadir=" + folder);
    command.add("--innodb-buffer-pool-size=128M");
    command.add("--innodb-log-file-size=64M");
    if (System.getProperty("user.name").equals("root")) {
      command.add("--user=root");
    }
    return command;
  }

  /** Starts the server again after {@link #stop} or {@link #kill}; waits until it answers. */
  public MariaDbServer start() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", SUPERVISOR, "sh"));
    command.addAll(command(data));
    command.add("--port=" + port);
    command.add("--bind-address=127.0.0.1");
    if (binaries.isMysql()) {
      command.add("--mysqlx=OFF");
    } else {
      command.add("--skip-name-resolve");
      command.add("--ssl-cert=" + data.resolve(CERTIFIED + ".pem"));
      command.add("--ssl-key=" + data.resolve(CERTIFIED + ".key"));
    }
    command.add("--pid-file=" + pidFile());
    command.add("--socket=" + Path.of(System.getProperty("java.io.tmpdir"), "larder-" + port));
    command.addAll(options);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    long start = System.nanoTime();
    while (!answers()) {
      boolean ended = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
      if (ended || System.nanoTime() - start > TimeUnit.SECONDS.toNanos(START_SECONDS)) {
        stop();
        throw new IOException("The server does not start:\n" + output());
      }
    }
    server =
        ProcessHandle.of(pid())
            .orElseThrow(() -> new IOException("The server ended at once:\n" + output()));
    return this;
  }

  /**
   * Whether the server's process has ended; that it says nothing does not mean so.
   *
   * @param patience how long that is waited for
   */
  public boolean hasEnded(Duration patience) throws InterruptedException {
    long start = System.nanoTime();
    while (server.isAlive()) {
      if (System.nanoTime() - start >= patience.toNanos()) {
        return false;
      }
      process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
    return true;
  }

  /**
   * Starts the server again if it ended by itself, as a service manager would; one whose disk is
   * full may. Otherwise waits until it answers.
   *
   * @return whether it had ended
   */
  public boolean revive() throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!answers()) {
      if (hasEnded(Duration.ZERO)) {
        stop();
        Files.deleteIfExists(pidFile());
        start();
        return true;
      }
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(START_SECONDS)) {
        throw new IOException("The server has not ended, but does not answer:\n" + output());
      }
      process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
    return false;
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      return pidIsThere() && socket.getInputStream().read() >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean pidIsThere() {
    return Files.exists(pidFile());
  }

  /** Shuts the server down as an operator would. */
  public void stop() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("The server does not stop:\n" + output());
    }
  }

  /** SIGKILL: what a loss of the machine looks like, but for the system's own caches. */
  public void kill() throws IOException, InterruptedException {
    server.destroyForcibly();
    server.onExit().join();
    stop();
    Files.deleteIfExists(pidFile());
  }

  /** SIGSTOP: the server keeps its connections and says nothing, until {@link #resume}. */
  public void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets a server go on that was paused; harmless if it was not. */
  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid()).start();
    if (kill.waitFor() != 0) {
      throw new IOException("The server does not take the signal " + name + ":\n" + output());
    }
  }

  private long pid() throws IOException {
    return Long.parseLong(Files.readString(pidFile()).strip());
  }

  private Path pidFile() {
    return data.resolve("server.pid");
  }

  private Path log() {
    return data.resolveSibling(data.getFileName() + ".log");
  }

  private String output() {
    try {
      return Files.readString(log(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Shuts the server down and deletes its data. */
  @Override
  public void close() throws IOException {
    try {
      stop();
      DataTemplate.delete(data);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the server stops", e);
    }
  }
}
