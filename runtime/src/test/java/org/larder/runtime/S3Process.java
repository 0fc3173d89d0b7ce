package org.larder.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.larder.storage.mysql.server.FreePort;

/** A server of S3 in a process of its own, with one bucket in a folder. Used by one thread. */
final class S3Process implements AutoCloseable {
  static final String SECRET = "test-secret";
  private static final String BUCKET = "larder";
  private static final String KEY = "test-key";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final int port;
  private final Path output;
  private Process process;

  private S3Process(Path folder) throws IOException {
    this.folder = folder;
    port = FreePort.find();
    output = folder.resolve("server.out");
  }

  /** Starts one whose files are in that folder. */
  static S3Process over(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("files").resolve(BUCKET));
    S3Process server = new S3Process(folder);
    server.start();
    return server;
  }

  /** Starts it, again on the port that it had. */
  void start() throws IOException {
    Path properties = folder.resolve("server.properties");
    Files.writeString(
        properties,
        """
        s3proxy.endpoint=%s
        s3proxy.authorization=aws-v4
        s3proxy.identity=%s
        s3proxy.credential=%s
        s3proxy.ignore-unknown-headers=true
        jclouds.provider=filesystem-nio2
        jclouds.filesystem.basedir=%s
        """
            .formatted(endpoint(), KEY, SECRET, folder.resolve("files")));
    ProcessBuilder builder =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                "org.gaul.s3proxy.Main",
                "--properties",
                properties.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put(
        "CLASSPATH", Files.readString(Path.of(System.getProperty("larder.s3.classpath"))).strip());
    process = builder.start();
    boolean ended = !Waiting.until(PATIENCE, () -> !process.isAlive() || answers());
    if (ended || !process.isAlive()) {
      close();
      throw new AssertionError("The server did not start:\n" + Files.readString(output));
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends it at once, as a power failure does. */
  void stop() {
    process.destroyForcibly().onExit().join();
  }

  private String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** Where a node finds the account, for a configuration whose variables begin so. */
  static Map<String, String> environment(String prefix) {
    return Map.of(prefix + "ACCESS_KEY_ID", KEY, prefix + "SECRET_ACCESS_KEY", SECRET);
  }

  /** The text of a shipped sample, changed so that a node uses this server. */
  String configured(Path sample) throws IOException {
    return Files.readString(sample)
        .replaceFirst("(?m)^bucket = .*$", "bucket = " + BUCKET)
        .replaceFirst("(?m)^endpoint =.*$", "endpoint = " + endpoint())
        .replaceFirst("(?m)^path_style = .*$", "path_style = true");
  }

  /** What is in the bucket, as files. */
  Path bucket() {
    return folder.resolve("files").resolve(BUCKET);
  }

  @Override
  public void close() {
    stop();
  }
}
