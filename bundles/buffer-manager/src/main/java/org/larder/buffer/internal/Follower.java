package org.larder.buffer.internal;

import static org.larder.buffer.FollowerStatus.State.AWAY;
import static org.larder.buffer.FollowerStatus.State.BACKING_OFF;
import static org.larder.buffer.FollowerStatus.State.FOLLOWING;
import static org.larder.buffer.FollowerStatus.State.HALTED;
import static org.larder.buffer.FollowerStatus.State.STOPPED;
import static org.larder.storage.spi.StorageException.Severity.FENCED;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.larder.buffer.FollowerStatus;
import org.larder.journal.Journal;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds one backend from the journal, on one thread of its own. Others wake it, look at it and wait
 * for its {@link Progress}; they never block it.
 */
final class Follower implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final Duration PARK = Duration.ofSeconds(1);

  private final String name;
  private final Journal journal;
  private final Catalogue catalogue;
  private final Backends backends;
  private final Supplier<BufferOptions> options;
  private final Attacher attacher;
  private final Delivery delivery;
  private final Replaying replaying;
  private final DeadLetterLog deadLetters;
  private final Clock clock;
  private final Progress progress = new Progress();
  private final FollowerFigures figures = new FollowerFigures();
  private final Setbacks setbacks = new Setbacks();
  private final Thread thread;
  private final Pacing pacing;
  private final Standing standing;

  private volatile boolean stopping;
  private volatile BackendHandle haltedOn;
  private volatile BackendHandle adopting;
  private volatile BackendHandle attached;

  /** A follower that has not begun. */
  Follower(
      String name,
      Journal journal,
      Catalogue catalogue,
      Backends backends,
      Supplier<BufferOptions> options,
      RouteMemory memory,
      DeadLetterLog deadLetters,
      PendingCounts pending,
      long openingEnd,
      Clock clock) {
    this.name = name;
    this.journal = journal;
    this.catalogue = catalogue;
    this.backends = backends;
    this.options = options;
    this.deadLetters = deadLetters;
    this.clock = clock;
    attacher = new Attacher(name, journal, openingEnd, catalogue, memory);
    delivery = new Delivery(name, journal, attacher::schemaOf, deadLetters, clock);
    replaying = new Replaying(name, journal, deadLetters, delivery, clock);
    thread = new Thread(this, "larder-follower-" + name);
    thread.setDaemon(true);
    thread.setContextClassLoader(Follower.class.getClassLoader());
    pacing = new Pacing(journal, progress, options, thread);
    standing = new Standing(name, journal, journal.end(0), progress, pending);
  }

  void start() {
    thread.start();
  }

  /** Ends the thread; a call under way is given the backend's time to end. */
  void stop() throws InterruptedException {
    stopping = true;
    LockSupport.unpark(thread);
    thread.join(TimeUnit.SECONDS.toMillis(2));
    if (thread.isAlive()) {
      thread.interrupt();
      thread.join(TimeUnit.SECONDS.toMillis(1));
    }
  }

  String name() {
    return name;
  }

  Progress progress() {
    return progress;
  }

  FollowerFigures figures() {
    return figures;
  }

  /** The backend that may be read from: its store is the right one, and ready. */
  Optional<BackendHandle> backend() {
    return Optional.ofNullable(attached).filter(backend -> !backend.isRetired());
  }

  DeadLetterLog deadLetters() {
    return deadLetters;
  }

  Replaying replaying() {
    return replaying;
  }

  /** Something was appended and synced: wakes the follower if that is what it waits for. */
  void appended(long end) {
    pacing.appended(end);
  }

  /** Somebody waits. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /** A backend or the configuration has changed. */
  void refresh() {
    if (isAble()) {
      progress.resume();
    }
    wake();
  }

  /** Goes on with whatever store is there, if it is halted. */
  void adopt() {
    if (haltedOn != null) {
      adopting = backends.find(name).orElse(null);
      haltedOn = null;
      refresh();
    }
  }

  @Override
  public void run() {
    while (!stopping) {
      BackendHandle backend = backends.find(name).orElse(null);
      if (backend != attached) {
        attached = null;
      }
      if (backend == null) {
        haltedOn = null;
        adopting = null;
        figures.become(AWAY, "BACKEND_AWAY", "Backend " + name + " is not there");
        rest();
      } else if (backend == haltedOn) {
        rest();
      } else {
        if (haltedOn != null) {
          haltedOn = null;
          figures.become(AWAY, "BACKEND_AWAY", "Backend " + name + " has come");
        }
        attempt(backend);
      }
    }
    figures.become(STOPPED, "", "");
    progress.stallUnless(() -> false);
  }

  private void attempt(BackendHandle backend) {
    try {
      follow(backend);
    } catch (StorageException e) {
      recover(backend, e);
    } catch (IOException e) {
      LOG.error("Follower {} cannot use the node's own files", name, e);
      recover(backend, new StorageException(RETRY, "NODE_DISK_FAILED", e.toString()));
    } catch (InterruptedException e) {
      if (!stopping) {
        LOG.error("Follower {} was interrupted and goes on", name, e);
      }
    } catch (RuntimeException e) {
      LOG.error("Follower {} has met an error of the program", name, e);
      recover(backend, new StorageException(HALT, "INTERNAL", e.toString()));
    } catch (Error e) {
      LOG.error("Follower {} has met an error of the machine", name, e);
      recover(backend, new StorageException(RETRY, "INTERNAL", e.toString()));
    }
  }

  /** Waiting for this follower is of no use for now. */
  private void rest() {
    progress.stallUnless(this::isAble);
    LockSupport.parkNanos(this, PARK.toNanos());
  }

  private boolean isAble() {
    return !stopping
        && !options.get().holdFollowers()
        && backends.find(name).filter(backend -> backend != haltedOn).isPresent();
  }

  private void recover(BackendHandle backend, StorageException failure) {
    if (backend.isRetired()) {
      return;
    }
    figures.failed();
    Optional<Duration> pause = setbacks.pauseAfter(failure, options.get());
    if (pause.isEmpty() && backend == adopting) {
      // Somebody who saw it halt before wants it to go on all the same.
      return;
    }
    if (pause.isEmpty()) {
      LOG.error("Follower {} halts: {} {}", name, failure.code(), failure.getMessage());
      haltedOn = backend;
      figures.become(HALTED, failure.code(), failure.getMessage());
      return;
    }
    if (figures.condition().state() != BACKING_OFF) {
      LOG.warn("Follower {} tries again: {} {}", name, failure.code(), failure.getMessage());
    }
    figures.become(BACKING_OFF, failure.code(), failure.getMessage());
    pauseFor(pause.get(), backend);
  }

  private void pauseFor(Duration pause, BackendHandle backend) {
    long until = System.nanoTime() + pause.toNanos();
    long left = pause.toNanos();
    while (left > 0 && !stopping && !backend.isRetired()) {
      LockSupport.parkNanos(this, left);
      left = until - System.nanoTime();
    }
  }

  private void follow(BackendHandle backend) throws InterruptedException, IOException {
    Duration timeout = options.get().writeTimeout();
    long position = attach(backend, timeout);
    long replayed = standing.met(position);
    if (replayed >= 0) {
      pacing.opened(journal.syncedEnd(0));
      figures.replayed(replayed);
      LOG.info("Follower {} goes on at {}, {} records behind", name, position, replayed);
    }
    if (figures.condition().state() != BACKING_OFF) {
      figures.become(FOLLOWING, "", "");
    }
    try (StretchReader reader = new StretchReader(journal, catalogue, position)) {
      while (!stopping && !backend.isRetired()) {
        if (options.get().holdFollowers()) {
          held();
        } else if (pacing.isDue()) {
          drain(backend, reader);
          succeeded();
          standing.syncIfDue(backend, options.get().writeTimeout());
        } else {
          standing.syncIfDue(backend, options.get().writeTimeout());
          if (journal.syncedEnd(0) <= progress.reached()) {
            succeeded();
          }
        }
      }
    }
  }

  private long attach(BackendHandle backend, Duration timeout)
      throws InterruptedException, IOException {
    boolean adopt = backend == adopting;
    adopting = null;
    try {
      long position = attacher.attach(backend, adopt, timeout);
      attached = backend;
      return position;
    } catch (StorageException e) {
      if (e.severity() == HALT || e.severity() == FENCED) {
        // It may be another's store by now: nobody reads from it.
        attached = null;
      } else if (adopt) {
        adopting = backend;
      }
      throw e;
    }
  }

  private void held() {
    figures.become(FOLLOWING, "HELD", "Followers are held by configuration");
    rest();
    if (!options.get().holdFollowers()) {
      figures.become(FOLLOWING, "", "");
    }
  }

  private void succeeded() {
    setbacks.over();
    figures.become(FOLLOWING, "", "");
  }

  private void drain(BackendHandle backend, StretchReader reader)
      throws InterruptedException, IOException {
    long end = journal.syncedEnd(0);
    Stretch stretch = reader.next(pacing.batchItems());
    if (stretch == null) {
      // The sequences up to the end are known to hold nothing.
      progress.moveTo(end);
      return;
    }
    Duration timeout = options.get().writeTimeout();
    attacher.prepare(backend, stretch.schemas(), timeout);
    attacher.mayReach(stretch.to());
    Delivery.Listener listener =
        (from, to, mutations) -> committed(stretch.cutOut(from, to), mutations);
    if (stretch.isReplayOf(name)) {
      replaying.perform(backend, stretch, timeout, listener);
    } else {
      delivery.deliver(backend, stretch, timeout, listener);
    }
    pacing.drained();
  }

  private void committed(Stretch part, int mutations) {
    figures.committed(mutations, clock.instant());
    standing.passed(part, deadLetters);
  }

  FollowerStatus status() {
    FollowerFigures.Condition condition = figures.condition();
    long reached = progress.reached();
    return new FollowerStatus(
        name,
        name,
        condition.state(),
        condition.code(),
        condition.message(),
        reached,
        standing.durable(),
        journal.end(0),
        pacing.oldest(Math.max(0, reached)),
        figures.batches(),
        figures.items(),
        figures.failures(),
        deadLetters.size());
  }
}
