package org.larder.storage.jdbc;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Consumer;
import org.larder.storage.spi.StorageException;

/**
 * One call of the host to a backend. The thread that makes the call says which statement it is in
 * and asks whether to go on; others may stop it.
 */
public final class Call implements AutoCloseable {
  private static final long LEAST_NANOS = 1_000_000;

  private final Thread thread = Thread.currentThread();
  private final long start = System.nanoTime();
  private final long limitNanos;
  private final Calls.Breaker breaker;
  private final Consumer<Call> end;
  private volatile Statement statement;
  private volatile StorageException stopped;

  Call(Duration limit, Calls.Breaker breaker, Consumer<Call> end) {
    limitNanos = limit.toNanos();
    this.breaker = breaker;
    this.end = end;
  }

  /** Says that the thread is about to run this statement. */
  public <S extends Statement> S run(S next) {
    check();
    statement = next;
    return next;
  }

  /** Says that the thread lets go of its connection, which may be another call's at once. */
  public synchronized void release() {
    statement = null;
  }

  /**
   * Asks whether to go on.
   *
   * @throws StorageException RETRY if the call was interrupted, ran out of time or is to stop
   */
  public void check() {
    if (stopped == null && thread.isInterrupted()) {
      stopped = new StorageException(RETRY, "INTERRUPTED", "The call was interrupted");
    }
    if (stopped != null) {
      throw stopped;
    }
  }

  /** What a failure means: that the call was cut short, or else what the dialect makes of it. */
  public StorageException explain(SQLException failure, Dialect dialect) {
    if (stopped == null && thread.isInterrupted()) {
      stopped = new StorageException(RETRY, "INTERRUPTED", "The call was interrupted", failure);
    }
    return stopped == null ? dialect.translate(failure) : stopped;
  }

  /** How long the call may still take; at least a millisecond. */
  Duration left() {
    long left = limitNanos - (System.nanoTime() - start);
    return Duration.ofNanos(Math.max(left, LEAST_NANOS));
  }

  /** True if the call was cut short, or is about to be. */
  boolean isStopped() {
    return stopped != null || thread.isInterrupted();
  }

  void watch() {
    if (thread.isInterrupted()) {
      stop("INTERRUPTED", "The call was interrupted");
    } else if (System.nanoTime() - start > limitNanos) {
      stop("TIMEOUT", "The call took too long");
    }
  }

  synchronized void stop(String code, String message) {
    if (stopped == null) {
      stopped = new StorageException(RETRY, code, message);
    }
    Statement current = statement;
    if (current != null) {
      try {
        breaker.end(current);
      } catch (SQLException | RuntimeException | Error e) {
        // Either the statement has ended meanwhile, which is what was wanted, or it is tried again.
        if (stopped.getSuppressed().length == 0) {
          stopped.addSuppressed(e);
        }
      }
    }
  }

  @Override
  public void close() {
    release();
    end.accept(this);
  }
}
