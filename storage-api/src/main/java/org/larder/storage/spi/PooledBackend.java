package org.larder.storage.spi;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** A backend that asks its store over a pool of connections. */
@ConsumerType
public interface PooledBackend extends StorageBackend {
  /**
   * How the pool is used at this moment; returns at once and asks no store.
   *
   * @return empty as long as there is no pool
   */
  Optional<PoolUsage> pool();
}
