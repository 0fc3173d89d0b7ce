package org.larder.buffer.internal;

import static org.larder.buffer.FollowerStatus.State.AWAY;
import static org.larder.buffer.FollowerStatus.State.BACKING_OFF;
import static org.larder.buffer.FollowerStatus.State.HALTED;
import static org.larder.storage.spi.StorageException.Severity.BUSY;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a follower does about failures: it tries again after a pause, or halts until another backend
 * comes or somebody wants it to go on all the same. For its thread, save that any may adopt and
 * have it reconsider.
 */
final class Setbacks {
  /**
   * A call that was given up may move the position afterwards; where it is then is asked of the
   * store anew. More often than this in a row, it is something else.
   */
  private static final int MISPLACED_TOLERATED = 3;

  /** A store is halted for these only while it is a primary. */
  private static final Set<String> OF_ROUTES = Set.of("NOT_SEEDED", "ARCHIVE_AS_PRIMARY");

  private static final Logger LOG = LoggerFactory.getLogger(Setbacks.class);

  private final String follower;
  private final Supplier<BufferOptions> options;
  private final FollowerFigures figures;
  private final BooleanSupplier stopping;
  private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
  private int misplaced;
  private volatile BackendHandle haltedOn;
  private volatile BackendHandle adopted;

  /** True if the routes have changed since the attempt began; guarded by this. */
  private boolean reconsidered;

  /**
   * Without any yet.
   *
   * @param stopping ends pauses
   */
  Setbacks(
      String follower,
      Supplier<BufferOptions> options,
      FollowerFigures figures,
      BooleanSupplier stopping) {
    this.follower = follower;
    this.options = options;
    this.figures = figures;
    this.stopping = stopping;
  }

  /** What may fail. */
  interface Attempt {
    void run() throws InterruptedException, IOException;
  }

  /** Tries something with a backend, and deals with its failure. */
  void attempt(BackendHandle backend, Attempt attempt) {
    begin();
    try {
      attempt.run();
    } catch (StorageException e) {
      recover(backend, e);
    } catch (IOException e) {
      LOG.error("Follower {} cannot use the node's own files", follower, e);
      recover(backend, new StorageException(RETRY, "NODE_DISK_FAILED", OwnFiles.FAILED));
    } catch (InterruptedException e) {
      if (!stopping.getAsBoolean()) {
        LOG.error("Follower {} was interrupted and goes on", follower, e);
      }
    } catch (RuntimeException e) {
      LOG.error("Follower {} has met an error of the program", follower, e);
      recover(backend, new StorageException(HALT, "INTERNAL", e.toString()));
    } catch (Error e) {
      LOG.error("Follower {} has met an error of the machine", follower, e);
      recover(backend, new StorageException(RETRY, "INTERNAL", e.toString()));
    }
  }

  private synchronized void begin() {
    reconsidered = false;
  }

  private void recover(BackendHandle backend, StorageException failure) {
    if (backend.isRetired()) {
      return;
    }
    figures.failed();
    Optional<Duration> pause = pauseAfter(failure);
    if (pause.isEmpty() && backend == adopted) {
      // Somebody who saw it halt before wants it to go on all the same.
      return;
    }
    if (pause.isEmpty()) {
      halt(backend, failure);
      return;
    }
    if (figures.condition().state() != BACKING_OFF) {
      LOG.warn("Follower {} tries again: {} {}", follower, failure.code(), failure.getMessage());
    }
    figures.become(BACKING_OFF, failure.code(), failure.getMessage());
    rest(pause.get(), backend);
  }

  /** Halts, unless it would be for routes that are others by now: then they are looked at again. */
  private synchronized void halt(BackendHandle backend, StorageException failure) {
    if (reconsidered && OF_ROUTES.contains(failure.code())) {
      return;
    }
    LOG.error("Follower {} halts: {} {}", follower, failure.code(), failure.getMessage());
    haltedOn = backend;
    figures.become(HALTED, failure.code(), failure.getMessage());
  }

  /** The pause before another attempt; empty if the follower has to halt. */
  private Optional<Duration> pauseAfter(StorageException failure) {
    boolean busy = failure.severity() == BUSY;
    boolean again = busy || failure.severity() == RETRY;
    if (failure.code().equals("POSITION_MISMATCH")) {
      again = ++misplaced <= MISPLACED_TOLERATED;
    }
    if (!again) {
      return Optional.empty();
    }
    BufferOptions now = options.get();
    Duration most = busy ? now.retryBase().multipliedBy(4) : now.retryMax();
    return Optional.of(backoff.next(now.retryBase(), most));
  }

  private void rest(Duration pause, BackendHandle backend) {
    long until = System.nanoTime() + pause.toNanos();
    long left = pause.toNanos();
    while (left > 0 && !stopping.getAsBoolean() && !backend.isRetired()) {
      LockSupport.parkNanos(this, left);
      left = until - System.nanoTime();
    }
  }

  /** Something succeeded that was tried: the next pause is the first again. */
  void over() {
    backoff.reset();
    misplaced = 0;
  }

  /** True if the follower waits for a person, with that backend. */
  boolean haveHaltedOn(BackendHandle backend) {
    return backend == haltedOn;
  }

  /** The backend is away: whatever comes is tried. */
  void backendAway() {
    haltedOn = null;
    adopted = null;
    figures.become(AWAY, "BACKEND_AWAY", "Backend " + follower + " is not there");
  }

  /** A backend is there that the follower has not halted on. */
  void backendThere() {
    if (haltedOn != null) {
      haltedOn = null;
      figures.become(AWAY, "BACKEND_AWAY", "Backend " + follower + " has come");
    }
  }

  /**
   * Somebody wants the follower to go on with whatever store is there.
   *
   * @return false if it has not halted
   */
  boolean adopt(Optional<BackendHandle> backend) {
    if (haltedOn == null) {
      return false;
    }
    adopted = backend.orElse(null);
    haltedOn = null;
    return true;
  }

  /** The routes are others: what a follower halted for because of them is looked at again. */
  synchronized void reconsider() {
    reconsidered = true;
    if (haltedOn != null && OF_ROUTES.contains(figures.condition().code())) {
      haltedOn = null;
    }
  }

  /** True, once, if the store behind that backend is to be taken as it is. */
  boolean takeAdopted(BackendHandle backend) {
    boolean taken = backend == adopted;
    adopted = null;
    return taken;
  }

  /** What was taken could not be used: it is still to be taken as it is. */
  void adoptLater(BackendHandle backend) {
    adopted = backend;
  }
}
