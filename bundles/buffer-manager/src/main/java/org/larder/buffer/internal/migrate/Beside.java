package org.larder.buffer.internal.migrate;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.larder.storage.spi.StorageException;

/**
 * Reads backends on threads of their own, so that who waits can go away from one that hangs: such a
 * read is interrupted and left alone. Free for any thread.
 */
final class Beside {
  private static final Duration TICK = Duration.ofMillis(100);

  /** What is read when nobody wants it any more may take so long to notice it. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final String name;
  private final BooleanSupplier ended;

  /**
   * Has no thread yet.
   *
   * @param name of the threads
   * @param ended true when nothing is wanted any more
   */
  Beside(String name, BooleanSupplier ended) {
    this.name = name;
    this.ended = ended;
  }

  /** Begins to read. */
  <T> FutureTask<T> begin(Callable<T> reading) {
    FutureTask<T> task = new FutureTask<>(reading);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.setContextClassLoader(Beside.class.getClassLoader());
    thread.start();
    return task;
  }

  /**
   * Waits for what was begun, for as long as it takes while it is wanted.
   *
   * @return empty also if it was left alone
   * @throws StorageException as the backend said
   */
  <T> Optional<T> await(FutureTask<Optional<T>> task) throws InterruptedException {
    try {
      long unwantedNanos = 0;
      while (unwantedNanos < GRACE.toNanos()) {
        long since = System.nanoTime();
        try {
          return task.get(TICK.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          unwantedNanos += ended.getAsBoolean() ? System.nanoTime() - since : 0;
        }
      }
      return Optional.empty();
    } catch (ExecutionException e) {
      throw failed(e.getCause());
    } finally {
      task.cancel(true);
    }
  }

  private static RuntimeException failed(Throwable cause) {
    if (cause instanceof StorageException known) {
      return new StorageException(known.severity(), known.code(), known.getMessage(), known);
    }
    if (cause instanceof RuntimeException other) {
      return other;
    }
    throw new IllegalStateException("A read has failed", cause);
  }
}
