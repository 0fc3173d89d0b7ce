package org.larder.storage.files.internal;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What a store of files needs to know.
 *
 * @param name by which configuration refers to it
 * @param folder where the objects are
 * @param maxBytes what they may take; 0 for any size
 * @param maxObjects how many there may be; 0 for any number
 */
record FilesSettings(String name, Path folder, long maxBytes, long maxObjects) {
  FilesSettings {
    Objects.requireNonNull(folder, "folder");
    if (name.isBlank()) {
      throw new IllegalArgumentException("A store has a name");
    }
    if (maxBytes < 0 || maxObjects < 0) {
      throw new IllegalArgumentException("max_mb and max_objects are 0 or more");
    }
  }
}
