package org.larder.storage.blob;

import java.time.Instant;
import java.util.Objects;

/**
 * What a store knows of an object.
 *
 * @param name its name
 * @param length bytes
 * @param sha256 hash of the content in lower-case hexadecimal; empty in a {@link BlobStore#list} if
 *     the store would have to ask for each object, and where another program has put the object
 * @param modified when it was stored last
 */
public record BlobInfo(String name, long length, String sha256, Instant modified) {
  public BlobInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sha256, "sha256");
    Objects.requireNonNull(modified, "modified");
  }
}
