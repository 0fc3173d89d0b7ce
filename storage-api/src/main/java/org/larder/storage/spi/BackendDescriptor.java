package org.larder.storage.spi;

import java.util.Objects;
import java.util.Set;

/**
 * What a backend is.
 *
 * @param name its configured name, unique in the node
 * @param kind what sort of store it is: {@code sqlite}, {@code mysql}, …
 * @param capabilities what it can do beyond the minimum
 */
public record BackendDescriptor(String name, String kind, Set<Capability> capabilities) {
  public BackendDescriptor {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    capabilities = Set.copyOf(capabilities);
  }
}
