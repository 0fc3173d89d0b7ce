package org.larder.journal.internal;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One thread that works on the files beside the segments, so that an interrupt of a caller never
 * reaches a channel; callers wait for it.
 */
final class Keeper {
  /** Work on files. */
  interface Work {
    void run() throws IOException;
  }

  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "journal-keeper");
            thread.setDaemon(true);
            return thread;
          });

  void run(Work work) throws IOException {
    Uninterrupted.get(
        executor.submit(
            () -> {
              work.run();
              return null;
            }));
  }

  void close() {
    executor.shutdown();
  }
}
