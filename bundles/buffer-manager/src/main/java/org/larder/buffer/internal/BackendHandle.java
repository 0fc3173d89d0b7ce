package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One backend service as long as it is there. Reads run on the caller's thread, everything else on
 * a thread of the handle's own, which is given up when a call does not return; {@link #retire}
 * comes from the thread that stops the backend's bundle, and ends the calls under way.
 *
 * <p>No exception or other object of a plugin's class leaves the handle.
 */
final class BackendHandle {
  private static final Logger LOG = LoggerFactory.getLogger(BackendHandle.class);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final StorageBackend backend;
  private final BackendDescriptor descriptor;
  private final Set<Thread> callers = ConcurrentHashMap.newKeySet();
  private volatile boolean retired;
  private ExecutorService worker;

  BackendHandle(StorageBackend backend) {
    this.backend = backend;
    this.descriptor = guarded(StorageBackend::descriptor);
    this.worker = newWorker();
  }

  private ExecutorService newWorker() {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread thread = new Thread(task, "larder-backend-" + descriptor.name());
          thread.setDaemon(true);
          return thread;
        });
  }

  String name() {
    return descriptor.name();
  }

  BackendDescriptor descriptor() {
    return descriptor;
  }

  /** True if this handle stands for that very service object. */
  @SuppressWarnings("ReferenceEquality") // a service is known by its identity
  boolean standsFor(StorageBackend service) {
    return backend == service;
  }

  boolean isRetired() {
    return retired;
  }

  /**
   * Asks the backend on the caller's thread.
   *
   * @throws StorageException RETRY also if the backend is gone
   */
  <T> T read(Function<StorageBackend, T> question) {
    Thread caller = Thread.currentThread();
    callers.add(caller);
    try {
      if (retired) {
        throw gone();
      }
      return guarded(question);
    } finally {
      callers.remove(caller);
      if (retired) {
        // The interrupt that ended the call was meant for the call alone.
        Thread.interrupted();
      }
    }
  }

  /**
   * Calls the backend on the handle's thread and waits.
   *
   * @throws StorageException RETRY also if the backend is gone or the call ran over its time; it
   *     may then have taken effect or not
   */
  <T> T call(Duration timeout, Function<StorageBackend, T> action) throws InterruptedException {
    Future<T> future = submit(action);
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return giveUp(future, timeout);
    } catch (ExecutionException e) {
      throw asStorageException(e.getCause());
    } catch (java.util.concurrent.CancellationException e) {
      throw gone();
    }
  }

  private synchronized <T> Future<T> submit(Function<StorageBackend, T> action) {
    if (retired) {
      throw gone();
    }
    return worker.submit(() -> guarded(action));
  }

  /** Interrupts a call that ran over its time; abandons its thread if that does not end it. */
  private <T> T giveUp(Future<T> future, Duration timeout) throws InterruptedException {
    ExecutorService stuck;
    synchronized (this) {
      stuck = worker;
      worker = newWorker();
    }
    future.cancel(true);
    stuck.shutdown();
    if (!stuck.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.error("Backend {} does not return from a call; its thread is given up", name());
    }
    throw new StorageException(
        RETRY, "BACKEND_TIMEOUT", "No answer within " + timeout.toMillis() + " ms");
  }

  /**
   * Lets nothing in any more, waits for the calls under way, then interrupts them. Returns at the
   * latest after the patience and the grace for the interrupt.
   */
  void retire(Duration patience) {
    ExecutorService last;
    synchronized (this) {
      retired = true;
      last = worker;
    }
    last.shutdown();
    try {
      boolean done = last.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (!done || !callers.isEmpty()) {
        last.shutdownNow();
        callers.forEach(Thread::interrupt);
        done = last.awaitTermination(500, TimeUnit.MILLISECONDS);
      }
      if (!done) {
        LOG.error("Backend {} was stopped while a call did not return", name());
      }
    } catch (InterruptedException e) {
      last.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private <T> T guarded(Function<StorageBackend, T> action) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(backend.getClass().getClassLoader());
    try {
      return action.apply(backend);
    } catch (RuntimeException | LinkageError e) {
      throw asStorageException(e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The same failure without any object of the plugin's. */
  private static StorageException asStorageException(Throwable failure) {
    if (failure instanceof StorageException known) {
      if (known.getCause() == null && known.getClass() == StorageException.class) {
        return known;
      }
      LOG.debug("A backend's call failed", known);
      return new StorageException(known.severity(), known.code(), known.getMessage());
    }
    LOG.warn("A backend failed in an unexpected way", failure);
    return new StorageException(RETRY, "BACKEND_ERROR", "Unexpected: " + failure);
  }

  private StorageException gone() {
    return new StorageException(RETRY, "BACKEND_AWAY", "Backend " + descriptor.name() + " is gone");
  }
}
