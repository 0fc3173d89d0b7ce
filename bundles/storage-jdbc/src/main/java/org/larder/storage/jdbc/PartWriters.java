package org.larder.storage.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;

/**
 * Writes the parts of a batch beside its first one, each through a connection and on a thread of
 * its own. For the backend's one writer, unless a method says otherwise.
 */
public final class PartWriters implements AutoCloseable {
  /** Between two looks whether the call was stopped while its parts are waited for. */
  private static final long LOOK_MILLIS = 100;

  private final Partition partition;
  private final List<PartWriter> writers = new ArrayList<>();

  /** Makes connections, and ends those that are lost. Asked on the thread of the part. */
  public interface Source {
    /**
     * A connection to the very server that the writer's own leads to, without auto-commit and so
     * isolated that what one part looks for in vain is locked for no other.
     *
     * @throws SQLException also if that it is the same server cannot be proved
     */
    Connection connect() throws SQLException;

    /** Ends a connection without a word to the server, which may be away. */
    void abandon(Connection connection) throws SQLException;
  }

  /**
   * Knows the connections and makes none.
   *
   * @param name of the backend, for the names of the threads
   */
  public PartWriters(
      String name, Partition partition, Dialect dialect, Calls calls, Source source) {
    this.partition = partition;
    for (int part = 1; part < partition.parts(); part++) {
      writers.add(new PartWriter("larder-" + name + "-part-" + part, dialect, calls, source));
    }
  }

  Partition partition() {
    return partition;
  }

  /** Begins to write the parts of a batch but the first, all at once. */
  Round begin(Batch batch, List<List<BatchWriter.Part>> divided, Call call) {
    Round round = new Round(call);
    boolean begun = false;
    try {
      for (int part = 1; part < divided.size(); part++) {
        if (!divided.get(part).isEmpty()) {
          PartWriter writer = writers.get(part - 1);
          int row = partition.rowOf(batch.lane(), part);
          round.shares.add(
              new Share(writer, writer.write(batch, row, divided.get(part), call.left())));
        }
      }
      begun = true;
      return round;
    } finally {
      if (!begun) {
        round.close();
      }
    }
  }

  /** A part that was begun. */
  private record Share(PartWriter writer, Future<Optional<WriteResult.Refused>> written) {}

  /**
   * The parts of one batch: all are written before the first is committed. Closing rolls back those
   * that were not to be committed, and returns when none is at work any more.
   */
  static final class Round implements AutoCloseable {
    private final Call call;
    private final List<Share> shares = new ArrayList<>();
    private final List<Future<Void>> ends = new ArrayList<>();

    private Round(Call call) {
      this.call = call;
    }

    /**
     * Waits until all are written.
     *
     * @return what one of them was refused
     * @throws StorageException if one of them failed
     */
    Optional<WriteResult.Refused> await() {
      Optional<WriteResult.Refused> refused = Optional.empty();
      for (Share share : shares) {
        refused = refused.or(() -> result(share.written()));
      }
      return refused;
    }

    /**
     * Commits all at once.
     *
     * @throws StorageException if one of them failed: some may be committed and others not
     */
    void commit() {
      for (Share share : shares) {
        ends.add(share.writer().commit());
      }
      ends.forEach(this::result);
    }

    private <T> T result(Future<T> future) {
      awaitEnd(future);
      try {
        return future.get();
      } catch (InterruptedException e) {
        // It has ended, so the answer is there; the interrupt is for the call.
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Waited for what has ended", e);
      } catch (ExecutionException e) {
        // Where the whole call was cut short, that is the reason, and not what a part says of it.
        call.check();
        if (e.getCause() instanceof StorageException known) {
          throw known;
        }
        throw new IllegalStateException("A part of a batch failed", e.getCause());
      }
    }

    /** A stop may come before there is anything to stop, so it is repeated until it tells. */
    private void awaitEnd(Future<?> future) {
      boolean interrupted = false;
      while (!future.isDone()) {
        if (interrupted || call.isStopped()) {
          stop();
        }
        try {
          future.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException | ExecutionException e) {
          // Not yet; or it has failed, and whoever asks for the result is told.
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private void stop() {
      shares.forEach(
          share -> share.writer().stop("INTERRUPTED", "The call that wrote the batch was ended"));
    }

    @Override
    public void close() {
      shares.forEach(share -> awaitEnd(share.written()));
      for (int i = ends.size(); i < shares.size(); i++) {
        ends.add(shares.get(i).writer().rollBack());
      }
      ends.forEach(this::awaitEnd);
    }
  }

  /** The next batch goes through new connections; for any thread. */
  public void giveUp() {
    writers.forEach(PartWriter::giveUp);
  }

  /** The threads end, with what they are in the middle of; for any thread. */
  public void end() {
    writers.forEach(PartWriter::end);
  }

  /** Ends the threads and closes the connections. */
  @Override
  public void close() throws SQLException {
    SQLException failure = null;
    for (PartWriter writer : writers) {
      try {
        writer.close();
      } catch (SQLException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
