package org.larder.buffer.internal;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;

/**
 * Asks backends on a few threads of its own, so that who asks can go away when the time is over: a
 * store that hangs would else hold up everybody behind the same guard. Free for any thread.
 */
final class Questions implements AutoCloseable {
  private static final int THREADS = 16;
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final ThreadPoolExecutor threads;

  Questions() {
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "larder-decision-" + number.incrementAndGet());
              thread.setDaemon(true);
              thread.setContextClassLoader(Questions.class.getClassLoader());
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Asks, and waits for the answer until the time is over; then the call is interrupted and left
   * alone.
   *
   * @throws BufferException UNDECIDED if there is no answer in time; BACKEND_AWAY if the backend
   *     cannot answer; CLOSED if the thread is interrupted or the node stops
   */
  <T> T ask(BackendHandle backend, long deadlineNanos, Function<StorageBackend, T> question) {
    Future<T> answer;
    try {
      answer = threads.submit(() -> backend.read(question));
    } catch (RejectedExecutionException e) {
      throw new BufferException(Reason.CLOSED, "The node is stopping", RETRY_AFTER, e);
    }
    try {
      return answer.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw Guards.undecided("The backend does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Guards.interrupted(e);
    } catch (ExecutionException e) {
      throw failed(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static RuntimeException failed(Throwable cause) {
    if (cause instanceof StorageException) {
      return away(cause);
    }
    if (cause instanceof RuntimeException known) {
      return known;
    }
    throw new IllegalStateException("A question has failed", cause);
  }

  static BufferException away(Throwable cause) {
    return new BufferException(
        Reason.BACKEND_AWAY,
        "What is stored cannot be asked now, and the answer hangs on it",
        RETRY_AFTER,
        cause);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
