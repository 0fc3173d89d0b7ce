package org.larder.tck;

import java.io.IOException;
import org.larder.storage.blob.BlobStore;

/** What each part of the kit for objects works with: a new, empty store for every test. */
public interface BlobStoreUnderTest {
  /** The store of the running test. */
  BlobStore blobs();

  /** Stores some content. */
  default void put(String name, BlobContent content) throws IOException {
    blobs().put(name, content, content.sha256(), content.length());
  }
}
