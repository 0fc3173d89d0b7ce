package org.larder.buffer.internal;

import static org.larder.buffer.FollowerStatus.State.AWAY;
import static org.larder.buffer.FollowerStatus.State.BACKING_OFF;
import static org.larder.buffer.FollowerStatus.State.FOLLOWING;
import static org.larder.buffer.FollowerStatus.State.HALTED;
import static org.larder.buffer.FollowerStatus.State.STOPPED;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.larder.buffer.FollowerStatus;
import org.larder.journal.Journal;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds one backend from the journal, on one thread of its own. Others wake it, look at it and wait
 * for its {@link Progress}; they never block it.
 */
final class Follower implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final Duration IDLE_PARK = Duration.ofSeconds(1);
  private static final int GROWTH = 16;

  /** So much of the journal may wait for the backend's sync before it can be deleted. */
  private static final long SYNC_AFTER_ITEMS = 100_000;

  private final String name;
  private final Journal journal;
  private final Catalogue catalogue;
  private final Backends backends;
  private final Supplier<BufferOptions> options;
  private final Attacher attacher;
  private final Delivery delivery;
  private final DeadLetterLog deadLetters;
  private final PendingCounts pending;
  private final Progress progress = new Progress();
  private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
  private final Thread thread;

  private volatile boolean stopping;
  private volatile boolean adopting;
  private volatile boolean gathering;
  private volatile FollowerStatus.State state = AWAY;
  private volatile String code = "";
  private volatile String message = "";
  private volatile BackendHandle haltedOn;
  private volatile long durable = -1;
  private volatile long oldestPendingNanos;
  private volatile Instant lastCommit;
  private volatile long replayed = -1;
  private final LongAdder batches = new LongAdder();
  private final LongAdder items = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private long lastSyncNanos = System.nanoTime();
  private int batchItems;

  Follower(
      String name,
      Journal journal,
      Catalogue catalogue,
      Backends backends,
      Supplier<BufferOptions> options,
      Attacher attacher,
      Delivery delivery,
      DeadLetterLog deadLetters,
      PendingCounts pending) {
    this.name = name;
    this.journal = journal;
    this.catalogue = catalogue;
    this.backends = backends;
    this.options = options;
    this.attacher = attacher;
    this.delivery = delivery;
    this.deadLetters = deadLetters;
    this.pending = pending;
    this.thread = new Thread(this, "larder-follower-" + name);
    thread.setDaemon(true);
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

  DeadLetterLog deadLetters() {
    return deadLetters;
  }

  Optional<Instant> lastCommit() {
    return Optional.ofNullable(lastCommit);
  }

  /** How many records were pending when the backend was first met; −1 before. */
  long replayed() {
    return replayed;
  }

  /** Something was appended: wakes the follower if that is what it waits for. */
  void appended(long end) {
    if (!gathering || end - progress.reached() >= options.get().flushSize()) {
      LockSupport.unpark(thread);
    }
  }

  /** Something else has changed: a backend, the configuration, or somebody waits. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /** Goes on with whatever store is there. */
  void adopt() {
    adopting = true;
    haltedOn = null;
    wake();
  }

  @Override
  public void run() {
    while (!stopping) {
      BackendHandle backend = backends.find(name).orElse(null);
      if (backend == null || backend == haltedOn || options.get().holdFollowers()) {
        rest(backend);
        continue;
      }
      try {
        follow(backend);
      } catch (StorageException e) {
        recover(backend, e);
      } catch (IOException e) {
        recover(
            backend,
            new StorageException(
                StorageException.Severity.RETRY, "JOURNAL_READ_FAILED", e.toString(), e));
      } catch (InterruptedException e) {
        if (!stopping) {
          LOG.error("Follower {} was interrupted and ends", name, e);
        }
        break;
      } catch (RuntimeException e) {
        recover(
            backend,
            new StorageException(StorageException.Severity.HALT, "INTERNAL", e.toString(), e));
      }
    }
    state = STOPPED;
    progress.stall();
  }

  private void rest(BackendHandle backend) {
    if (backend == null) {
      become(AWAY, "BACKEND_AWAY", "Backend " + name + " is not there");
    } else if (backend != haltedOn) {
      become(FOLLOWING, "HELD", "Followers are held by configuration");
    }
    progress.stall();
    LockSupport.parkNanos(this, IDLE_PARK.toNanos());
  }

  private void recover(BackendHandle backend, StorageException failure) {
    if (backend.isRetired()) {
      return;
    }
    retries.increment();
    switch (failure.severity()) {
      case HALT, FENCED -> {
        LOG.error("Follower {} halts: {} {}", name, failure.code(), failure.getMessage());
        haltedOn = backend;
        become(HALTED, failure.code(), failure.getMessage());
        progress.stall();
      }
      case RETRY, BUSY -> {
        boolean busy = failure.severity() == StorageException.Severity.BUSY;
        BufferOptions now = options.get();
        Duration pause =
            backoff.next(now.retryBase(), busy ? now.retryBase().multipliedBy(4) : now.retryMax());
        if (state != BACKING_OFF) {
          LOG.warn("Follower {} tries again: {} {}", name, failure.code(), failure.getMessage());
        }
        become(BACKING_OFF, failure.code(), failure.getMessage());
        pauseFor(pause, backend);
      }
    }
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
    long position = attacher.attach(backend, adopting, timeout);
    adopting = false;
    if (progress.reached() < 0) {
      replayed = Backlog.count(journal, position, pending);
      LOG.info("Follower {} goes on at {}, {} records behind", name, position, replayed);
    }
    progress.moveTo(position);
    become(FOLLOWING, "", "");
    backoff.reset();
    batchItems = options.get().flushSize();
    try (StretchReader reader = new StretchReader(journal, catalogue, position)) {
      while (!stopping && !backend.isRetired() && !options.get().holdFollowers()) {
        if (!isDue()) {
          syncIfDue(backend);
          continue;
        }
        drain(backend, reader);
      }
    }
  }

  /** True if a drain has to begin now; otherwise parks until that may have changed. */
  private boolean isDue() {
    BufferOptions now = options.get();
    long behind = journal.syncedEnd(0) - progress.reached();
    if (behind <= 0) {
      oldestPendingNanos = 0;
      LockSupport.parkNanos(this, IDLE_PARK.toNanos());
      return false;
    }
    if (oldestPendingNanos == 0) {
      oldestPendingNanos = System.nanoTime();
    }
    long waited = System.nanoTime() - oldestPendingNanos;
    long left = now.flushInterval().toNanos() - waited;
    if (behind >= now.flushSize() || left <= 0 || progress.wanted() > progress.reached()) {
      return true;
    }
    gathering = true;
    LockSupport.parkNanos(this, left);
    gathering = false;
    return false;
  }

  private void drain(BackendHandle backend, StretchReader reader)
      throws InterruptedException, IOException {
    long end = journal.syncedEnd(0);
    Stretch stretch = reader.next(batchItems);
    if (stretch == null) {
      // The sequences up to the end are known to hold nothing.
      progress.moveTo(end);
      return;
    }
    if (stretch.schemaChanged()) {
      for (CollectionSchema schema : catalogue.newest()) {
        attacher.ensure(backend, schema, options.get().writeTimeout());
      }
    }
    delivery.deliver(backend, stretch, options.get().writeTimeout(), this::committed);
    backoff.reset();
    if (state != FOLLOWING) {
      become(FOLLOWING, "", "");
    }
    int least = options.get().flushSize();
    boolean behind = journal.syncedEnd(0) - progress.reached() >= batchItems;
    batchItems = behind ? Math.min(batchItems * 2, least * GROWTH) : least;
    oldestPendingNanos = journal.syncedEnd(0) > progress.reached() ? System.nanoTime() : 0;
    syncIfDue(backend);
  }

  private void committed(Stretch part, int mutations) {
    for (Stretch.Unit unit : part.units()) {
      pending.add(unit.items().get(0).collection(), -unit.items().size());
    }
    batches.increment();
    items.add(mutations);
    lastCommit = Instant.now();
    progress.moveTo(part.to());
  }

  private void syncIfDue(BackendHandle backend) throws InterruptedException, IOException {
    long behind = progress.reached() - durable;
    long nanos = System.nanoTime() - lastSyncNanos;
    boolean due = behind >= SYNC_AFTER_ITEMS || (behind > 0 && nanos > TimeUnit.SECONDS.toNanos(5));
    if (due) {
      Position synced = backend.call(options.get().writeTimeout(), store -> store.sync(name, 0));
      lastSyncNanos = System.nanoTime();
      durable = synced.sequence();
      journal.retain(name, durable);
    }
  }

  private void become(FollowerStatus.State next, String why, String sentence) {
    state = next;
    code = why;
    message = sentence;
  }

  FollowerStatus status() {
    long since = oldestPendingNanos;
    return new FollowerStatus(
        name,
        name,
        state,
        code,
        message,
        progress.reached(),
        durable,
        journal.end(0),
        since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since),
        batches.sum(),
        items.sum(),
        retries.sum(),
        deadLetters.letters().size());
  }
}
