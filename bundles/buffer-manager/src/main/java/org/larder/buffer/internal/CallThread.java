package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread in which one backend is called, one call after the other. It ends after the call under
 * way when it is told to; whoever waits for that call learns so at once.
 */
final class CallThread extends Thread {
  private static final Logger LOG = LoggerFactory.getLogger(CallThread.class);

  private Call<?> next;
  private Call<?> current;

  /** What calls fail with since the thread was told to end; null before. */
  private StorageException ended;

  CallThread(String name) {
    super(name);
    setDaemon(true);
    // Not that of whoever happens to make the thread: it would be held as long as the thread.
    setContextClassLoader(CallThread.class.getClassLoader());
  }

  /** A call and what came of it: written by the thread that runs it or ends it, read by its own. */
  static final class Call<T> {
    private final Supplier<T> action;
    private final CountDownLatch settled = new CountDownLatch(1);
    private T result;
    private StorageException failure;

    Call(Supplier<T> action) {
      this.action = action;
    }

    /** False if the time ran out. */
    boolean await(Duration timeout) throws InterruptedException {
      return settled.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The result of a call that has been awaited. */
    T result() {
      synchronized (this) {
        if (failure != null) {
          throw failure;
        }
        return result;
      }
    }

    private void run() {
      try {
        T made = action.get();
        settle(made, null);
      } catch (StorageException e) {
        settle(null, e);
      } catch (RuntimeException | Error e) {
        LOG.error("A backend's call failed in an unexpected way", e);
        settle(null, new StorageException(RETRY, "BACKEND_ERROR", "Unexpected: " + e));
      }
    }

    private synchronized void settle(T made, StorageException failed) {
      if (settled.getCount() > 0) {
        result = made;
        failure = failed;
        settled.countDown();
      }
    }
  }

  /** Runs the call as soon as it can; it fails at once if the thread has been told to end. */
  synchronized void submit(Call<?> call) {
    if (ended != null) {
      call.settle(null, ended);
      return;
    }
    next = call;
    notifyAll();
  }

  /**
   * Takes no more calls; who waits for one gets the failure.
   *
   * @return true if a call is still under way
   */
  synchronized boolean end(StorageException failure) {
    ended = failure;
    if (next != null) {
      next.settle(null, failure);
      next = null;
    }
    if (current != null) {
      current.settle(null, failure);
    }
    notifyAll();
    return current != null;
  }

  /** Waits until no call is under way; false if the time ran out. */
  synchronized boolean awaitIdle(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (current != null || next != null) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  @Override
  public void run() {
    for (Call<?> call = take(); call != null; call = take()) {
      call.run();
      synchronized (this) {
        current = null;
        notifyAll();
      }
    }
  }

  private synchronized Call<?> take() {
    while (next == null && ended == null) {
      try {
        wait();
      } catch (InterruptedException e) {
        LOG.debug("An interrupt came after the call that it was meant for", e);
      }
    }
    current = next;
    next = null;
    return current;
  }
}
