package org.larder.journal.internal;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Waiting that an interrupt does not cut short; the caller finds it flagged afterwards. */
final class Uninterrupted {
  private Uninterrupted() {}

  private interface Wait {
    /** Returns true once that is over which is waited for. */
    boolean isOver() throws InterruptedException;
  }

  static void join(Thread thread) {
    until(
        () -> {
          thread.join();
          return true;
        });
  }

  static void awaitEnd(ExecutorService executor) {
    until(() -> executor.awaitTermination(1, TimeUnit.DAYS));
  }

  private static void until(Wait wait) {
    boolean interrupted = false;
    boolean over = false;
    while (!over) {
      try {
        over = wait.isOver();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  static void get(Future<?> future) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          future.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof IOException cause) {
            throw new IOException(cause.getMessage(), cause);
          }
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
