package org.larder.tck;

import java.nio.file.Path;
import org.larder.storage.spi.StorageBackend;

class FileBackendTest extends FileBackendContract {
  @Override
  StorageBackend over(FileBackend.Disk disk, Path file) {
    return new FileBackend(file, disk);
  }

  @Override
  public Offer<OtherProcess> otherProcess() {
    return Offer.of(new OtherProcess(Elsewhere.class, file().toString()));
  }

  static final class Elsewhere implements OtherProcess.Factory {
    @Override
    public StorageBackend open(String place) {
      return new FileBackend(Path.of(place), FileBackend::append);
    }
  }
}
