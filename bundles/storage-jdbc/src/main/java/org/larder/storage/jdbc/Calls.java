package org.larder.storage.jdbc;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.larder.storage.spi.StorageException;

/**
 * The calls that a backend is in the middle of, so that they can be cut short: a thread inside a
 * database cannot see an interrupt, so one watching thread looks for it, and for time that has run
 * out, and cancels the statement. Free for any thread.
 */
public final class Calls implements AutoCloseable {
  private static final long TICK_MILLIS = 50;

  /** Ends a statement that another thread is inside of. */
  @FunctionalInterface
  public interface Breaker {
    /**
     * Ends it; called again and again until its thread has left, whatever it throws. Must not block
     * for long.
     */
    void end(Statement statement) throws SQLException;
  }

  private final Breaker breaker;
  private final Set<Call> running = ConcurrentHashMap.newKeySet();
  private final Thread watch;
  private volatile boolean closing;

  /** Begins to watch, and cancels statements as JDBC has it. */
  public Calls(String name) {
    this(name, Statement::cancel);
  }

  /** Begins to watch, and ends statements in a way of the backend's own. */
  public Calls(String name, Breaker breaker) {
    this.breaker = breaker;
    watch = new Thread(this::watch, "larder-" + name + "-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private void watch() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
        running.forEach(Call::watch);
      }
    } catch (InterruptedException e) {
      // Closed: the thread ends, so nobody is left to see the interrupt.
      running.forEach(Call::watch);
    }
  }

  /**
   * Begins a call of this thread, which closes it.
   *
   * @throws StorageException RETRY if the backend stops
   */
  public Call begin(Duration limit) {
    Call call = new Call(limit, breaker, running::remove);
    running.add(call);
    if (closing) {
      running.remove(call);
      throw new StorageException(RETRY, "STOPPING", "The backend is stopping");
    }
    return call;
  }

  /** From now on refuses new calls; those that run go on. */
  public void refuse() {
    closing = true;
  }

  /**
   * Waits for the calls that run; after the grace it cancels them again and again.
   *
   * @return false if one is still running after the limit
   */
  public boolean drain(Duration grace, Duration limit) throws InterruptedException {
    long start = System.nanoTime();
    while (!running.isEmpty()) {
      long waited = System.nanoTime() - start;
      if (waited > limit.toNanos()) {
        return false;
      }
      if (waited > grace.toNanos()) {
        running.forEach(call -> call.stop("STOPPING", "The backend is stopping"));
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return true;
  }

  @Override
  public void close() {
    refuse();
    watch.interrupt();
  }
}
