package org.larder.storage.spi;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/** A backend that can copy its whole store to a file while it is in use. */
@ConsumerType
public interface SnapshotBackend extends StorageBackend {
  /**
   * Copies the store, consistent in itself, positions included.
   *
   * @param target a file that does not exist yet; it is there only when it is whole
   * @throws IOException if the file exists or cannot be written
   */
  void snapshot(Path target) throws IOException;
}
