package org.larder.tck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.larder.storage.spi.StorageBackend;

/**
 * The bundle that carries a backend, and what it needs to work. Immutable: the methods return
 * changed copies.
 *
 * @param carried a class of the bundle; the jar or the folder of classes that it comes from, with
 *     its manifest, becomes the bundle
 * @param pid the factory PID of the component that registers the {@link StorageBackend}
 * @param configuration what the component is configured with
 * @param libraries a class of each library that the bundle imports from the node; the kit exports
 *     storage-api itself
 */
public record BundleUnderTest(
    Class<? extends StorageBackend> carried,
    String pid,
    Map<String, Object> configuration,
    List<Class<?>> libraries) {
  public BundleUnderTest {
    Objects.requireNonNull(carried, "carried");
    Objects.requireNonNull(pid, "pid");
    configuration = Map.copyOf(configuration);
    libraries = List.copyOf(libraries);
  }

  /** A bundle that needs no configuration but that there is one. */
  public static BundleUnderTest of(Class<? extends StorageBackend> carried, String pid) {
    return new BundleUnderTest(carried, pid, Map.of(), List.of());
  }

  /** The same with one more value of its configuration. */
  public BundleUnderTest with(String key, Object value) {
    Map<String, Object> more = new HashMap<>(configuration);
    more.put(key, value);
    return new BundleUnderTest(carried, pid, more, libraries);
  }

  /** The same with libraries that it imports. */
  public BundleUnderTest importing(Class<?>... more) {
    List<Class<?>> all = new ArrayList<>(libraries);
    all.addAll(List.of(more));
    return new BundleUnderTest(carried, pid, configuration, all);
  }
}
