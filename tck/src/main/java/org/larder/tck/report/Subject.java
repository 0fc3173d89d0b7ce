package org.larder.tck.report;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.QueryBackend;
import org.larder.storage.spi.SnapshotBackend;
import org.larder.storage.spi.StorageBackend;

/**
 * The backend that was tested, as it describes itself.
 *
 * @param name its configured name
 * @param kind what sort of store it is
 * @param capabilities what it declares
 * @param mixins the interfaces that it implements beside {@link StorageBackend}
 */
public record Subject(String name, String kind, Set<Capability> capabilities, List<String> mixins) {
  public Subject {
    capabilities = new TreeSet<>(capabilities);
    mixins = List.copyOf(mixins);
  }

  /** Asks a backend. */
  public static Subject of(StorageBackend backend) {
    BackendDescriptor descriptor = backend.descriptor();
    List<String> mixins =
        List.of(QueryBackend.class, SnapshotBackend.class).stream()
            .filter(mixin -> mixin.isInstance(backend))
            .map(Class::getSimpleName)
            .toList();
    return new Subject(descriptor.name(), descriptor.kind(), descriptor.capabilities(), mixins);
  }
}
