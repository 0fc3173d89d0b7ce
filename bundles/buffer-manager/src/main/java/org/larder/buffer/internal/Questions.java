package org.larder.buffer.internal;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
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
 * store that hangs would else hold up everybody behind the same guard, and what a follower has to
 * do besides filling its store. How many ask one backend is bounded by its {@link QuestionLine},
 * and so is the number of threads. Free for any thread.
 */
final class Questions implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final ThreadPoolExecutor threads;

  Questions() {
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "larder-question-" + number.incrementAndGet());
              thread.setDaemon(true);
              thread.setContextClassLoader(Questions.class.getClassLoader());
              return thread;
            });
  }

  /**
   * Asks, and waits for the answer until the time is over; then the call is interrupted and left
   * alone.
   *
   * @throws BufferException UNDECIDED if there is no answer in time; BACKEND_AWAY if the backend
   *     cannot answer, or so many wait for it that this one is not let in; CLOSED if the thread is
   *     interrupted or the node stops
   */
  <T> T ask(BackendHandle backend, long deadlineNanos, Function<StorageBackend, T> question) {
    QuestionLine line = backend.questions();
    if (!line.enter()) {
      throw new BufferException(
          Reason.BACKEND_AWAY,
          "The backend has not answered "
              + (QuestionLine.MOST_ASKED + QuestionLine.MOST_WAITING)
              + " questions yet, and is asked no more until it does",
          RETRY_AFTER,
          null);
    }
    try {
      if (!line.awaitTurn(deadlineNanos)) {
        throw Guards.undecided("The backend does not answer");
      }
      return answer(begin(line, () -> backend.read(question)), deadlineNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Guards.interrupted(e);
    } finally {
      line.leave();
    }
  }

  /** Hands a question over, with the turn, which ends when the call does. */
  private <T> FutureTask<T> begin(QuestionLine line, Callable<T> call) {
    FutureTask<T> answer = new FutureTask<>(call);
    boolean handedOver = false;
    try {
      threads.execute(
          () -> {
            try {
              answer.run();
            } finally {
              line.over();
            }
          });
      handedOver = true;
      return answer;
    } catch (RejectedExecutionException e) {
      throw new BufferException(Reason.CLOSED, "The node is stopping", RETRY_AFTER, e);
    } finally {
      if (!handedOver) {
        line.over();
      }
    }
  }

  private static <T> T answer(FutureTask<T> answer, long deadlineNanos)
      throws InterruptedException {
    try {
      return answer.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw Guards.undecided("The backend does not answer");
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
