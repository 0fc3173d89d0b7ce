package org.larder.storage.jdbc;

import static org.larder.storage.spi.StorageException.Severity.BUSY;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Group;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.QueryBackend;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageException;

/**
 * What backends over a SQL database are the same in: one lock lets one thread at a time write,
 * within the time that its call has; readers go on beside it; a stop waits for calls, then cuts
 * them short. Free for any thread.
 */
public abstract class JdbcBackend implements QueryBackend, AutoCloseable {
  private static final Duration GRACE = Duration.ofMillis(500);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(4);
  private static final Duration HURRIED_LIMIT = Duration.ofSeconds(1);

  private final BackendDescriptor descriptor;
  private final Dialect dialect;
  private final Calls calls;
  private final ReentrantLock writing = new ReentrantLock(true);

  /**
   * A backend that has opened nothing yet.
   *
   * @param kind of database, as the descriptor names it
   * @param dialect explains failures
   * @param calls watches over its calls; closed by {@link #stop}
   */
  protected JdbcBackend(String name, String kind, Dialect dialect, Calls calls) {
    this(name, kind, dialect, calls, Partition.WHOLE);
  }

  /** A backend that may divide batches: then they are not stored in one transaction. */
  protected JdbcBackend(
      String name, String kind, Dialect dialect, Calls calls, Partition partition) {
    this.dialect = dialect;
    this.calls = calls;
    Set<Capability> capabilities = EnumSet.of(Capability.INSERT_IF_ABSENT);
    if (partition.parts() == 1) {
      capabilities.add(Capability.ATOMIC_POSITION);
    }
    descriptor = new BackendDescriptor(name, kind, capabilities);
  }

  /** The readers of the store, which is opened if need be. */
  protected abstract JdbcReader reader();

  /** A call failed; told before another one may write. */
  protected void failed(StorageException failure) {}

  /** What is done by the one who writes. */
  @FunctionalInterface
  protected interface Work<T> {
    /** Does it, and says to the call which statements it runs. */
    T run(Call call) throws SQLException, IOException;
  }

  /** Does something when nobody else writes, within a time. */
  protected final <T> T write(Duration limit, Work<T> work) {
    return write(
        limit,
        limit,
        work,
        () -> {
          throw new StorageException(BUSY, "STORE_BUSY", "Another call is still writing");
        });
  }

  /** Does something if nobody else writes or waits to, and else gives the other answer at once. */
  protected final <T> T writeIfFree(Duration limit, Work<T> work, Supplier<T> otherwise) {
    return write(limit, Duration.ZERO, work, otherwise);
  }

  private <T> T write(Duration limit, Duration patience, Work<T> work, Supplier<T> otherwise) {
    try (Call call = calls.begin(limit)) {
      if (!writing.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return otherwise.get();
      }
      try {
        return explained(call, work);
      } catch (StorageException e) {
        failed(e);
        throw e;
      } finally {
        call.release();
        writing.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(RETRY, "INTERRUPTED", "The call was interrupted", e);
    }
  }

  private <T> T explained(Call call, Work<T> work) {
    try {
      call.check();
      return work.run(call);
    } catch (SQLException e) {
      throw call.explain(e, dialect);
    } catch (IOException e) {
      throw new StorageException(
          RETRY, "STORE_UNAVAILABLE", "The database cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public final BackendDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public final RecordCursor scan(ScanRequest request) {
    return reader().scan(request);
  }

  @Override
  public final Page query(Query query) {
    return reader().query(query);
  }

  @Override
  public final List<Group> aggregate(Aggregation aggregation) {
    return reader().aggregate(aggregation);
  }

  /** Stops; ends in {@link #stop}. */
  @Override
  public abstract void close();

  /** How a stop ends. */
  @FunctionalInterface
  protected interface End {
    /**
     * Closes what is open.
     *
     * @param writing held by a thread that writes
     * @param hung true if a call has not left, though it was cut short; false if nobody writes
     */
    void run(ReentrantLock writing, boolean hung);
  }

  /**
   * Refuses new calls, waits half a second for those that run, then cuts them short until they have
   * left, and ends. Takes less than five seconds; from an interrupt on one second, another ends the
   * waiting.
   */
  protected final void stop(End end) {
    calls.refuse();
    boolean interrupted = false;
    boolean hung;
    try {
      hung = !calls.drain(GRACE, STOP_LIMIT);
    } catch (InterruptedException e) {
      interrupted = true;
      hung = !drainInAHurry();
    }
    try {
      end.run(writing, hung);
    } finally {
      calls.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Does something once the last call has left, however long that takes, on a thread of its own
   * that ends then. For the {@link End} of a stop, after which no call begins.
   */
  protected final void afterTheLastCall(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              boolean left = false;
              while (!left) {
                left = drainInAHurry();
              }
              writing.lock();
              try {
                work.run();
              } finally {
                writing.unlock();
              }
            },
            "larder-" + descriptor.name() + "-close");
    thread.setDaemon(true);
    thread.start();
  }

  /** False if a call has not left. The thread was interrupted already, or it is of no interest. */
  private boolean drainInAHurry() {
    try {
      return calls.drain(Duration.ZERO, HURRIED_LIMIT);
    } catch (InterruptedException e) {
      return false;
    }
  }
}
