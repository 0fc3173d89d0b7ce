package org.larder.storage.model;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Contributes collections. A domain bundle registers one as an OSGi service; the host records the
 * schemas in its journal and keeps them also while the bundle is away.
 */
@ConsumerType
public interface CollectionProvider {
  /** The schemas, always the same ones for the life of the service. */
  List<CollectionSchema> collections();
}
