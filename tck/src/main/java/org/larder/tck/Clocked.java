package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;

/**
 * A call in a thread of its own, so that the host can wait for a bounded time, interrupt it, or do
 * something else meanwhile. Used by one thread, and closed by it.
 *
 * @param <T> what the call gives
 */
final class Clocked<T> implements AutoCloseable {
  /** How much longer than it may a call can take on a busy machine. */
  static final Duration GRACE = Duration.ofSeconds(10);

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final Future<T> result;

  private Clocked(Callable<T> call) {
    result = thread.submit(call);
  }

  static <T> Clocked<T> begin(Callable<T> call) {
    return new Clocked<>(call);
  }

  /** True if the call ended within this time. */
  boolean endsWithin(Duration time) throws InterruptedException {
    try {
      result.get(time.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /** Interrupts the call. */
  void interrupt() {
    thread.shutdownNow();
  }

  /** The result; fails if there is none by then. */
  T within(Duration time) throws ExecutionException, InterruptedException {
    assertThat(endsWithin(time.plus(GRACE))).as("ends within %s", time).isTrue();
    return result.get();
  }

  /** True if a write was taken, false if it is to be repeated; fails if neither. */
  static boolean taken(Clocked<WriteResult> write, Duration time) throws Exception {
    try {
      assertThat(write.within(time)).isInstanceOf(WriteResult.Committed.class);
      return true;
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(StorageException.class);
      assertThat(((StorageException) e.getCause()).severity())
          .as(e.getCause().getMessage())
          .isIn(StorageException.Severity.RETRY, StorageException.Severity.BUSY);
      return false;
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
