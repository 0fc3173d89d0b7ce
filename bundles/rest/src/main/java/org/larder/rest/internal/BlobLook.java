package org.larder.rest.internal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.larder.buffer.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The looks at one store, one at a time, and what the last one saw. Free for any thread. */
final class BlobLook {
  private static final Logger log = LoggerFactory.getLogger(BlobLook.class);
  private static final long HANGING_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Supplier<List<Metric>> ask;
  private final List<Metric> down;
  private CompletableFuture<List<Metric>> running = CompletableFuture.completedFuture(List.of());
  private List<Metric> last = List.of();
  private long begunNanos;

  /**
   * Has not looked yet.
   *
   * @param ask the store, which may take long
   * @param down what is told of a store that does not answer
   */
  BlobLook(Supplier<List<Metric>> ask, List<Metric> down) {
    this.ask = ask;
    this.down = down;
  }

  /** Looks, on another thread, unless one is looking. */
  synchronized void begin(Executor threads, long nowNanos) {
    if (running.isDone()) {
      last = running.join();
      running = CompletableFuture.supplyAsync(ask, threads).exceptionally(this::failed);
      begunNanos = nowNanos;
    }
  }

  private List<Metric> failed(Throwable failure) {
    log.warn("A store of large objects cannot say how full it is", failure);
    return down;
  }

  private synchronized CompletableFuture<List<Metric>> running() {
    return running;
  }

  /** What is seen now, if that comes in time, or else was seen before; empty if nothing was. */
  List<Metric> answer(long patienceNanos, long nowNanos) {
    try {
      return running().get(patienceNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return before(nowNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return before(nowNanos);
    } catch (ExecutionException e) {
      throw new IllegalStateException("A failed look has an answer", e);
    }
  }

  private synchronized List<Metric> before(long nowNanos) {
    return nowNanos - begunNanos > HANGING_NANOS ? down : last;
  }
}
