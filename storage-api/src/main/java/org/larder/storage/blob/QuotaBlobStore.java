package org.larder.storage.blob;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A store that knows how full it is and may have bounds. A put that would go beyond one fails with
 * {@link BlobException#QUOTA} and changes nothing; where it takes the place of an object, only the
 * difference counts.
 */
@ConsumerType
public interface QuotaBlobStore extends BlobStore {
  /** How full the store is; at once, but for the first call after a start, which may count. */
  BlobUsage usage() throws IOException;
}
