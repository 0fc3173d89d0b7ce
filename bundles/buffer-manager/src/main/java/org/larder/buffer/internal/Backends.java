package org.larder.buffer.internal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.larder.storage.model.Limits;
import org.larder.storage.spi.StorageBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backends that are there now. They come and go on the threads of the framework; everybody else
 * only looks.
 *
 * <p>While a backend is updated, its new service may come before the old one goes: the older is
 * used until it is gone.
 */
final class Backends implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

  /** Less than the 5 s after which the component runtime gives up waiting. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final CopyOnWriteArrayList<BackendHandle> handles = new CopyOnWriteArrayList<>();
  private final Stragglers stragglers = new Stragglers();
  private final Runnable changed;

  /**
   * No backends yet.
   *
   * @param changed runs after each arrival and departure
   */
  Backends(Runnable changed) {
    this.changed = changed;
  }

  void add(StorageBackend service) {
    BackendHandle handle = new BackendHandle(service, stragglers);
    Limits.checkName(handle.name());
    handles.add(handle);
    LOG.info("Backend {} ({}) is there", handle.name(), handle.descriptor().kind());
    changed.run();
  }

  /** Lets go of a service; when this returns no call of it is under way, unless it hangs. */
  void remove(StorageBackend service) {
    for (BackendHandle handle : handles) {
      if (handle.standsFor(service)) {
        remove(handle, PATIENCE);
      }
    }
  }

  private void remove(BackendHandle handle, Duration patience) {
    handles.remove(handle);
    handle.retire(patience);
    LOG.info("Backend {} is gone", handle.name());
    changed.run();
  }

  /** The backend of that name, if it is there. */
  Optional<BackendHandle> find(String name) {
    return handles.stream().filter(handle -> handle.name().equals(name)).findFirst();
  }

  List<BackendHandle> all() {
    return List.copyOf(handles);
  }

  /** Lets go of all that are left when the node stops. */
  @Override
  public void close() {
    for (BackendHandle handle : handles) {
      remove(handle, Duration.ZERO);
    }
  }
}
