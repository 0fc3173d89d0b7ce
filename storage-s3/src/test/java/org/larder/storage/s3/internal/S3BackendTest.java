package org.larder.storage.s3.internal;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.spi.StorageBackend;
import org.larder.tck.BackendContract;

class S3BackendTest extends BackendContract {
  @TempDir private static Path folder;

  private static final AtomicInteger STORES = new AtomicInteger();
  private static S3Server server;

  private final String prefix = "records" + STORES.incrementAndGet();

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.over(folder.resolve("s3"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
  }

  @Override
  protected StorageBackend open() {
    return new S3Backend(server.settings(prefix), folder.resolve("tmp"), Clock.systemUTC());
  }

  @Override
  protected void close(StorageBackend backend) {
    ((S3Backend) backend).close();
  }
}
