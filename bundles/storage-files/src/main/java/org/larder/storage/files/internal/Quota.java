package org.larder.storage.files.internal;

import org.larder.storage.blob.BlobException;
import org.larder.storage.blob.BlobUsage;

/** Counts what a store holds against its bounds; guarded by the store's lock. */
final class Quota {
  private final FilesSettings settings;
  private long objects;
  private long bytes;

  Quota(FilesSettings settings) {
    this.settings = settings;
  }

  /** Counts an object. */
  void add(long length) {
    objects++;
    bytes += length;
  }

  /** Counts an object no more. */
  void remove(long length) {
    objects--;
    bytes -= length;
  }

  /**
   * Checks that an object fits.
   *
   * @param replaced length of the object whose place it takes; −1 if there is none
   */
  void check(long length, long replaced) throws BlobException {
    boolean isNew = replaced < 0;
    if (isNew && settings.maxObjects() > 0 && objects >= settings.maxObjects()) {
      throw new BlobException(
          BlobException.QUOTA,
          "The store has its " + settings.maxObjects() + " objects; raise max_objects or delete");
    }
    long growth = length - Math.max(0, replaced);
    if (settings.maxBytes() > 0 && growth > 0 && growth > settings.maxBytes() - bytes) {
      throw new BlobException(
          BlobException.QUOTA,
          "An object of %d bytes does not fit: %d of %d are used; raise max_mb or delete"
              .formatted(length, bytes, settings.maxBytes()));
    }
  }

  BlobUsage usage() {
    return new BlobUsage(objects, bytes, settings.maxObjects(), settings.maxBytes());
  }
}
