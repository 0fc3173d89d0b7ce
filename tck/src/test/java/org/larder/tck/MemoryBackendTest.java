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

  @Override
  public Offer<OtherProcess> otherProcess() {
    return Offer.declined("The store is in memory and ends with its process.");
  }

  @Override
  public Offer<FailingOpener> failing() {
    return Offer.declined("There is nothing below the store that could fail.");
  }

  @Override
  public Offer<TestStore.Opener> small() {
    return Offer.declined("The store is in memory; there is no disk to be full.");
  }

  @Override
  public Offer<BundleUnderTest> bundle() {
    return Offer.declined("The backend is no bundle.");
  }
}
