package org.larder.storage.jdbc;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;

/**
 * Writes one part of each batch through a connection of its own, which it makes when it needs it.
 * All of its work is done on a thread of its own, one order after the other; the backend's one
 * writer gives the orders: {@link #write}, then {@link #commit} or {@link #rollBack}.
 */
final class PartWriter implements AutoCloseable {
  private final Dialect dialect;
  private final Calls calls;
  private final PartWriters.Source source;
  private final ExecutorService thread;
  private volatile Call call;
  private volatile boolean broken;
  private CallConnection writing;
  private BatchWriter batches;

  PartWriter(String name, Dialect dialect, Calls calls, PartWriters.Source source) {
    this.dialect = dialect;
    this.calls = calls;
    this.source = source;
    thread = Executors.newSingleThreadExecutor(work -> newThread(work, name));
  }

  private static Thread newThread(Runnable work, String name) {
    Thread made = new Thread(work, name);
    made.setDaemon(true);
    made.setContextClassLoader(PartWriter.class.getClassLoader());
    return made;
  }

  private <T> Future<T> order(Callable<T> work) {
    try {
      return thread.submit(work);
    } catch (RejectedExecutionException e) {
      throw new StorageException(RETRY, "STOPPING", "The backend is stopping", e);
    }
  }

  /**
   * Writes without committing.
   *
   * @param row of the part, see {@link Partition}
   * @param changes of the part, with the collections as the store knows them
   * @return what the database refuses, if it does; it was rolled back then, and after a failure
   */
  Future<Optional<WriteResult.Refused>> write(
      Batch batch, int row, List<BatchWriter.Part> changes, Duration limit) {
    return order(() -> writeHere(batch, row, changes, limit));
  }

  private Optional<WriteResult.Refused> writeHere(
      Batch batch, int row, List<BatchWriter.Part> changes, Duration limit) {
    Call begun = calls.begin(limit);
    call = begun;
    boolean done = false;
    try {
      use(begun, limit);
      Optional<WriteResult.Refused> refused =
          Positions.advancePart(writing.connection(), batch, row)
              ? batches.write(changes, begun)
              : Optional.empty();
      done = refused.isEmpty();
      return refused;
    } catch (SQLException e) {
      throw begun.explain(e, dialect);
    } finally {
      if (!done) {
        undo();
      }
    }
  }

  private void use(Call begun, Duration limit) throws SQLException {
    if (writing != null && (broken || writing.isLost())) {
      abandon();
    }
    begun.check();
    if (writing == null) {
      CallConnection fresh = connect();
      batches = new BatchWriter(dialect, fresh.connection());
      broken = false;
      writing = fresh;
    }
    writing.begin(begun, limit);
  }

  private CallConnection connect() throws SQLException {
    Connection fresh = source.connect();
    try {
      return new CallConnection(fresh);
    } catch (SQLException e) {
      source.abandon(fresh);
      throw e;
    }
  }

  private void abandon() throws SQLException {
    Connection lost = writing.connection();
    writing = null;
    source.abandon(lost);
  }

  /** Makes last what was written. */
  Future<Void> commit() {
    return order(
        () -> {
          boolean done = false;
          try {
            call.check();
            writing.connection().commit();
            done = true;
            return null;
          } catch (SQLException e) {
            throw call.explain(e, dialect);
          } finally {
            if (done) {
              endCall();
            } else {
              undo();
            }
          }
        });
  }

  /**
   * Undoes what was written, if anything was; asked when no other order is under way. Where the
   * thread takes no orders any more, whoever closes the writer ends the connection, and the server
   * undoes it.
   */
  Future<Void> rollBack() {
    try {
      return order(
          () -> {
            undo();
            return null;
          });
    } catch (StorageException e) {
      broken = true;
      endCall();
      return CompletableFuture.failedFuture(e);
    }
  }

  /** What cannot be rolled back is ended, so that the server lets go of the rows at once. */
  private void undo() {
    try {
      if (writing != null && !isRolledBack()) {
        abandon();
      }
    } catch (SQLException e) {
      // The server notices by itself that nobody is left; the next write makes another connection.
      broken = true;
    } finally {
      endCall();
    }
  }

  private boolean isRolledBack() {
    if (!broken) {
      try {
        batches.forgetStatements();
        writing.connection().rollback();
        return true;
      } catch (SQLException e) {
        // What is done about it is all that can be: the connection is of no use any more.
        broken = true;
      }
    }
    return false;
  }

  private void endCall() {
    Call ended = call;
    if (ended != null) {
      ended.close();
    }
  }

  /** Ends at once what is being written; for any thread. */
  void stop(String code, String message) {
    Call running = call;
    if (running != null) {
      running.stop(code, message);
    }
  }

  /** The next write makes a new connection. */
  void giveUp() {
    broken = true;
  }

  /** The thread ends with what it is in the middle of; for any thread. */
  void end() {
    thread.shutdown();
  }

  @Override
  public void close() throws SQLException {
    end();
    if (writing != null && broken) {
      source.abandon(writing.connection());
    } else if (writing != null) {
      writing.connection().close();
    }
  }
}
