package org.larder.journal.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread that works on the files beside the segments, so that an interrupt of a caller never
 * reaches a channel; callers wait for it.
 */
final class Keeper {
  /** Work on files. */
  interface Work {
    void run() throws IOException;
  }

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "journal-keeper");
            thread.setDaemon(true);
            return thread;
          });

  Keeper() {
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  void run(Work work) throws IOException {
    Uninterrupted.get(
        executor.submit(
            () -> {
              work.run();
              return null;
            }));
  }

  /** Does something after a pause, unless it is closed before; the work deals with its failures. */
  Future<?> later(Duration pause, Runnable work) {
    try {
      return executor.schedule(work, pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Waits for the work that is being done, and begins none. */
  void close() {
    executor.shutdown();
    Uninterrupted.awaitEnd(executor);
  }
}
