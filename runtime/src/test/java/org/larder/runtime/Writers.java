package org.larder.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that write one batch after the other, each on a thread of its own, until they are told to
 * stop. Used by one thread.
 */
final class Writers {
  private static final int BATCH = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpNode node;
  private final String session;
  private final Duration pause;
  private final ExecutorService threads;
  private final List<Future<Void>> running = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Map<Integer, String> refused = new ConcurrentHashMap<>();

  private Writers(HttpNode node, String session, int count, Duration pause) {
    this.node = node;
    this.session = session;
    this.pause = pause;
    threads = Executors.newFixedThreadPool(count);
    for (int writer = 0; writer < count; writer++) {
      running.add(threads.submit(this::write));
    }
  }

  static Writers start(HttpNode node, String session, int count) {
    return new Writers(node, session, count, Duration.ZERO);
  }

  /** Writers that leave a pause after each batch, so that a follower can catch up. */
  static Writers paced(HttpNode node, String session, int count, Duration pause) {
    return new Writers(node, session, count, pause);
  }

  private Void write() throws Exception {
    while (!stopped.get()) {
      int batch = next.getAndIncrement();
      var reply =
          node.post("/api/v1/translation/tasks/batch", Tasks.batch(session, batch * BATCH, BATCH));
      if (reply.statusCode() == 202) {
        accepted.incrementAndGet();
      } else {
        refused.put(reply.statusCode(), reply.body());
      }
      LockSupport.parkNanos(pause.toNanos());
    }
    return null;
  }

  /** Waits until so many more batches than now are accepted. */
  void awaitMore(int batches) {
    int target = accepted.get() + batches;
    if (!Waiting.until(PATIENCE, () -> accepted.get() >= target || !refused.isEmpty())) {
      throw new AssertionError("Nothing is accepted any more");
    }
  }

  /** Ends the writers; returns how many tasks they were told are safe. */
  int stop() throws InterruptedException, ExecutionException {
    stopped.set(true);
    try {
      for (Future<Void> each : running) {
        each.get();
      }
    } finally {
      threads.shutdown();
    }
    return accepted.get() * BATCH;
  }

  /** Ends the writers of a node that is gone: the requests under way have failed. */
  void stopAnyhow() throws InterruptedException {
    stopped.set(true);
    threads.shutdown();
    if (!threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("The writers do not end");
    }
  }

  /** How many tasks they were told are safe. */
  int acceptedTasks() {
    return accepted.get() * BATCH;
  }

  /** What was answered instead of 202, by status. */
  Map<Integer, String> refused() {
    return refused;
  }
}
