package org.larder.tck;

import org.larder.storage.spi.StorageBackend;

class MemoryBackendTest extends BackendContract {
  private final MemoryBackend.Memory memory = new MemoryBackend.Memory();

  @Override
  protected StorageBackend open() {
    return new MemoryBackend(memory);
  }

  @Override
  protected void close(StorageBackend backend) {}
}
