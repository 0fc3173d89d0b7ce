package org.larder.storage.sqlite.internal;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.spi.StorageBackend;
import org.larder.tck.BackendContract;

class SqliteBackendTest extends BackendContract {
  @TempDir private Path folder;

  @Override
  protected StorageBackend open() {
    return SqliteBackend.at("main", folder.resolve("larder.db"));
  }

  @Override
  protected void close(StorageBackend backend) {
    ((SqliteBackend) backend).close();
  }
}
