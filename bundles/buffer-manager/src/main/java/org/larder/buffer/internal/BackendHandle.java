package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Capability;
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

  /** How long an interrupted call may take to end. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /** A store that checks positions bears calls that end late, but each costs a thread. */
  private static final int MOST_STRAGGLERS = 3;

  private final StorageBackend backend;
  private final BackendDescriptor descriptor;
  private final Stragglers stragglers;
  private final Set<Read> reads = new HashSet<>();
  private final QuestionLine questions = new QuestionLine();
  private boolean retired;
  private CallThread worker;

  BackendHandle(StorageBackend backend, Stragglers stragglers) {
    this.backend = backend;
    this.stragglers = stragglers;
    this.descriptor = guarded(StorageBackend::descriptor);
  }

  /** A read under way. */
  private static final class Read {
    private final Thread thread = Thread.currentThread();
    private boolean interrupted;
  }

  String name() {
    return descriptor.name();
  }

  BackendDescriptor descriptor() {
    return descriptor;
  }

  /** Whether its store has a batch as soon as its position has moved, and never a part of one. */
  boolean isAtomic() {
    return descriptor.capabilities().contains(Capability.ATOMIC_POSITION);
  }

  /** Who asks the backend under a deadline. */
  QuestionLine questions() {
    return questions;
  }

  /** True if this handle stands for that very service object. */
  @SuppressWarnings("ReferenceEquality") // a service is known by its identity
  boolean standsFor(StorageBackend service) {
    return backend == service;
  }

  synchronized boolean isRetired() {
    return retired;
  }

  /**
   * Asks the backend on the caller's thread.
   *
   * @throws StorageException RETRY also if the backend is gone
   */
  <T> T read(Function<StorageBackend, T> question) {
    Read read = enter();
    try {
      return guarded(question);
    } finally {
      leave(read);
    }
  }

  private synchronized Read enter() {
    requirePresent();
    Read read = new Read();
    reads.add(read);
    return read;
  }

  private synchronized void leave(Read read) {
    reads.remove(read);
    notifyAll();
    if (read.interrupted) {
      // The interrupt that ended the call was meant for the call alone.
      Thread.interrupted();
    }
  }

  /**
   * Calls the backend on the handle's thread and waits. One call at a time.
   *
   * @throws StorageException RETRY also if the backend is gone or the call ran over its time; it
   *     may then have taken effect or not
   */
  <T> T call(Duration timeout, Function<StorageBackend, T> action) throws InterruptedException {
    CallThread thread = ready();
    CallThread.Call<T> call = new CallThread.Call<>(() -> guarded(action));
    thread.submit(call);
    try {
      if (!call.await(timeout)) {
        giveUp(thread, timeout);
      }
    } catch (InterruptedException e) {
      discard(thread);
      throw e;
    }
    return call.result();
  }

  private synchronized CallThread ready() {
    requirePresent();
    if (stragglers.count(name()) > (isAtomic() ? MOST_STRAGGLERS : 0)) {
      throw new StorageException(
          RETRY, "BACKEND_TIMEOUT", "An earlier call has not returned yet; waiting for it");
    }
    if (worker == null) {
      worker = new CallThread("larder-backend-" + name());
      worker.start();
    }
    return worker;
  }

  /** Interrupts a call that ran over its time; abandons its thread if that does not end it. */
  private void giveUp(CallThread thread, Duration timeout) throws InterruptedException {
    discard(thread);
    thread.join(GRACE.toMillis());
    if (thread.isAlive() && !isRetired()) {
      LOG.error("Backend {} does not return from a call; its thread is given up", name());
    }
    throw new StorageException(
        RETRY, "BACKEND_TIMEOUT", "No answer within " + timeout.toMillis() + " ms");
  }

  private synchronized void discard(CallThread thread) {
    if (thread.end(gone())) {
      stragglers.add(name(), thread);
      thread.interrupt();
    }
    if (thread == worker) {
      worker = null;
    }
  }

  /**
   * Lets nothing in any more, waits for the calls under way, then interrupts them. Returns at the
   * latest after the patience and the grace for the interrupt; who waits for a call that has not
   * ended by then is told that the backend is gone.
   */
  void retire(Duration patience) {
    CallThread last;
    synchronized (this) {
      retired = true;
      last = worker;
    }
    try {
      boolean done = awaitCalls(last, patience);
      if (!done) {
        interruptCalls(last);
        done = awaitCalls(last, GRACE);
      }
      if (!done) {
        LOG.error("Backend {} was stopped while a call did not return", name());
      }
    } catch (InterruptedException e) {
      interruptCalls(last);
      Thread.currentThread().interrupt();
    } finally {
      if (last != null) {
        discard(last);
      }
    }
  }

  private boolean awaitCalls(CallThread last, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    if (last != null && !last.awaitIdle(patience)) {
      return false;
    }
    synchronized (this) {
      while (!reads.isEmpty()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    }
  }

  private synchronized void interruptCalls(CallThread last) {
    if (last != null) {
      last.interrupt();
    }
    for (Read read : reads) {
      read.interrupted = true;
      read.thread.interrupt();
    }
  }

  private <T> T guarded(Function<StorageBackend, T> action) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(backend.getClass().getClassLoader());
    try {
      return action.apply(backend);
    } catch (RuntimeException | LinkageError e) {
      throw withoutPlugin(e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The same failure without any object of the plugin's. */
  private static StorageException withoutPlugin(Throwable failure) {
    if (failure instanceof StorageException known) {
      LOG.debug("A backend's call failed", known);
      return new StorageException(known.severity(), known.code(), known.getMessage());
    }
    LOG.warn("A backend failed in an unexpected way", failure);
    return new StorageException(RETRY, "BACKEND_ERROR", "Unexpected: " + failure);
  }

  private synchronized void requirePresent() {
    if (retired) {
      throw gone();
    }
  }

  private StorageException gone() {
    return new StorageException(RETRY, "BACKEND_AWAY", "Backend " + descriptor.name() + " is gone");
  }
}
