package org.larder.storage.s3.internal;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** A server of S3 in this process, which keeps one bucket in a folder. */
final class S3Server {
  static final String BUCKET = "larder";
  static final String KEY = "test-key";
  static final String SECRET = "test-secret";

  private static final String ADDRESS = "127.0.0.1";

  private final Path folder;
  private final String host;
  private S3Proxy proxy;
  private URI endpoint = URI.create("http://" + ADDRESS + ":0");

  private S3Server(Path folder, String host) {
    this.folder = folder;
    this.host = host;
  }

  static S3Server over(Path folder) throws Exception {
    return start(new S3Server(folder, ADDRESS));
  }

  /** One that looks for the bucket in front of that name. */
  static S3Server named(String host, Path folder) throws Exception {
    return start(new S3Server(folder, host));
  }

  private static S3Server start(S3Server server) throws Exception {
    Files.createDirectories(server.folder);
    server.start();
    return server;
  }

  /** Starts it, again on the port that it had. */
  void start() throws Exception {
    BlobStore store = new FilesystemNio2BlobStore(folder.toString());
    if (!store.containerExists(BUCKET)) {
      store.createContainer(BUCKET);
    }
    S3Proxy.Builder builder =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(endpoint)
            .awsAuthentication(AuthenticationType.AWS_V4, KEY, SECRET)
            .ignoreUnknownHeaders(true);
    if (!host.equals(ADDRESS)) {
      builder.virtualHost(host);
    }
    proxy = builder.build();
    proxy.start();
    endpoint = URI.create("http://" + ADDRESS + ":" + proxy.getPort());
  }

  void stop() throws Exception {
    proxy.stop();
  }

  S3Settings settings(String prefix) {
    return settings(BUCKET, prefix, SECRET);
  }

  S3Settings settings(String bucket, String prefix, String secret) {
    return settings(endpoint, bucket, prefix, true, secret);
  }

  /** Those of a server in another process. */
  static S3Settings settings(URI endpoint, String prefix) {
    return settings(endpoint, BUCKET, prefix, true, SECRET);
  }

  /** Those by the server's name, with the bucket in the path or in front of the name. */
  S3Settings settings(String bucket, String prefix, boolean pathStyle) {
    URI named = URI.create("http://" + host + ":" + proxy.getPort());
    return settings(named, bucket, prefix, pathStyle, SECRET);
  }

  URI endpoint() {
    return endpoint;
  }

  private static S3Settings settings(
      URI endpoint, String bucket, String prefix, boolean pathStyle, String secret) {
    return new S3Settings(
        "archive",
        Optional.of(endpoint),
        "us-east-1",
        bucket,
        prefix,
        pathStyle,
        new S3Credentials(KEY, secret, "", ""),
        Duration.ofSeconds(20),
        32,
        Duration.ofHours(24));
  }
}
