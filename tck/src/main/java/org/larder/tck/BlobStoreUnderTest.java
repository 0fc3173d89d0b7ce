package org.larder.tck;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.larder.storage.blob.BlobStore;
import org.larder.storage.blob.QuotaBlobStore;
import org.larder.tck.report.Remark;
import org.larder.tck.report.ReportExtension;
import org.larder.tck.report.Subject;

/** What each part of the kit for objects works with: a new, empty store for every test. */
public interface BlobStoreUnderTest extends ReportExtension.Reported {
  /** The store of the running test. */
  BlobStore blobs();

  /** Stores some content. */
  default void put(String name, BlobContent content) throws IOException {
    blobs().put(name, content, content.sha256(), content.length());
  }

  @Override
  default Optional<Subject> subject() {
    List<String> mixins = blobs() instanceof QuotaBlobStore ? List.of("QuotaBlobStore") : List.of();
    return Optional.of(
        new Subject(blobs().getClass().getSimpleName(), "objects", Set.of(), mixins));
  }

  @Override
  default Optional<Remark> remark() {
    return Optional.empty();
  }
}
