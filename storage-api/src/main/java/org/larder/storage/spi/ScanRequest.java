package org.larder.storage.spi;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.larder.storage.model.CollectionSchema;

/**
 * Which rows to go through.
 *
 * @param schema the collection
 * @param afterKey only keys greater than this; empty for all. Resumes a scan
 * @param keys only these keys, sorted by unsigned bytes of UTF-8 and distinct, at most 10,000;
 *     empty for all
 */
public record ScanRequest(
    CollectionSchema schema, Optional<String> afterKey, Optional<List<String>> keys) {
  public ScanRequest {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(afterKey, "afterKey");
    keys = keys.map(List::copyOf);
  }

  /** The whole collection. */
  public static ScanRequest all(CollectionSchema schema) {
    return new ScanRequest(schema, Optional.empty(), Optional.empty());
  }

  /** What comes behind a key. */
  public static ScanRequest after(CollectionSchema schema, String key) {
    return new ScanRequest(schema, Optional.of(key), Optional.empty());
  }

  /** The rows with the given keys, as far as there are any. */
  public static ScanRequest of(CollectionSchema schema, List<String> keys) {
    return new ScanRequest(schema, Optional.empty(), Optional.of(keys));
  }
}
