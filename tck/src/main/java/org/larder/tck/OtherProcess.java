package org.larder.tck;

import java.util.Objects;
import org.larder.storage.spi.StorageBackend;

/**
 * How another process opens the store of the running test.
 *
 * @param factory a class with a constructor without arguments, which that process calls
 * @param place what it is told: a path, an address; means the store that the test class's {@code
 *     open} opens
 */
public record OtherProcess(Class<? extends Factory> factory, String place) {
  public OtherProcess {
    Objects.requireNonNull(factory, "factory");
    Objects.requireNonNull(place, "place");
  }

  /** Opens a store in another process, which will be killed. */
  public interface Factory {
    /** The backend, open; nobody closes it. */
    StorageBackend open(String place) throws Exception;
  }
}
