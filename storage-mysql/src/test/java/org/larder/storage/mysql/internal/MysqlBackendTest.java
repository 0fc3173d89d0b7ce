package org.larder.storage.mysql.internal;

import org.larder.storage.spi.StorageBackend;
import org.larder.tck.BackendContract;

class MysqlBackendTest extends BackendContract {
  private final Database database = new Database();

  @Override
  protected StorageBackend open() {
    return database.backend();
  }

  @Override
  protected void close(StorageBackend backend) {
    ((MysqlBackend) backend).close();
  }
}
