package org.larder.storage.s3.internal;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** A server for all tests of a class, and prefixes that no other test has. */
final class S3ServerExtension implements BeforeAllCallback, AfterAllCallback {
  private final AtomicInteger prefixes = new AtomicInteger();
  private Path folder;
  private S3Server server;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    folder = Files.createTempDirectory("larder-s3");
    server = S3Server.over(folder.resolve("s3"));
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    server.stop();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  S3Server server() {
    return server;
  }

  /** Where scans keep what they fetch. */
  Path temporary() {
    return folder.resolve("tmp");
  }

  String newPrefix() {
    return "store" + prefixes.incrementAndGet();
  }

  /** A backend whose requests are seen by interceptors. */
  S3Backend backend(S3Settings settings, Clock clock, ExecutionInterceptor... interceptors) {
    return new S3Backend(new Bucket(settings, interceptors), temporary(), clock);
  }
}
