package org.larder.rest;

import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs calls that may take seconds, on threads of its own: the whiteboard holds a lock while a
 * request is in its servlet, and one long call would freeze an application that is being reloaded.
 * Free for any thread; closing waits for nothing and interrupts what runs.
 */
public final class LongCalls implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LongCalls.class);
  private static final int QUEUE = 64;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final ExecutorService executor;

  /**
   * Has threads of that name.
   *
   * @param threads how many calls run at a time; more wait
   */
  public LongCalls(String name, int threads) {
    AtomicInteger count = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE),
            task -> {
              Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    executor = pool;
  }

  /**
   * Replies with what the call returns, or with the problem of what it throws.
   *
   * @throws ProblemException 503 if too many calls wait already
   */
  public void run(AsyncResponse reply, Callable<Response> call) {
    try {
      executor.execute(() -> reply(reply, call));
    } catch (RejectedExecutionException e) {
      throw Problem.of(503, "BUSY", "Too many long calls are waiting")
          .withHeader("Retry-After", "5")
          .exception();
    }
  }

  private static void reply(AsyncResponse reply, Callable<Response> call) {
    try {
      Response response;
      try {
        response = call.call();
      } catch (Exception | Error e) {
        reply.resume(e);
        return;
      }
      reply.resume(response);
    } catch (RuntimeException e) {
      log.warn("A long call is done, but its application is there no more to reply", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
