package org.larder.buffer.internal;

import static org.larder.buffer.FollowerStatus.State.AWAY;
import static org.larder.buffer.FollowerStatus.State.BACKING_OFF;
import static org.larder.buffer.FollowerStatus.State.FOLLOWING;
import static org.larder.buffer.FollowerStatus.State.HALTED;
import static org.larder.buffer.FollowerStatus.State.SEEDING;
import static org.larder.buffer.FollowerStatus.State.STALE;
import static org.larder.buffer.FollowerStatus.State.STOPPED;
import static org.larder.storage.spi.StorageException.Severity.FENCED;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.larder.buffer.FollowerStatus;
import org.larder.journal.Journal;
import org.larder.storage.model.Mutation;
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
  private static final String STALE_MESSAGE =
      "It was too far behind, and the journal is not kept for it; fill it anew with: larder:adopt ";

  private final String name;
  private final Surroundings node;
  private final Journal journal;
  private final Routing routing;
  private final Attacher attacher;
  private final Delivery delivery;
  private final Replaying replaying;
  private final Seeding seeding;
  private final DeadLetterLog deadLetters;
  private final Progress progress = new Progress();
  private final PendingCounts pending = new PendingCounts();
  private final PendingIndex index;
  private final FollowerFigures figures = new FollowerFigures();
  private final Setbacks setbacks = new Setbacks();
  private final Hold hold = new Hold();
  private final Detachment detachment;
  private final Thread thread;
  private final Pacing pacing;
  private volatile Standing standing;

  private volatile boolean stopping;
  private volatile BackendHandle haltedOn;
  private volatile BackendHandle adopting;
  private volatile BackendHandle attached;

  /** A follower that has not begun. */
  Follower(String name, Surroundings node, DeadLetterLog deadLetters, Routing routing) {
    this.name = name;
    this.node = node;
    this.journal = node.journal();
    this.routing = routing;
    this.deadLetters = deadLetters;
    attacher = new Attacher(name, node, this::isLed);
    Inserts inserts = new Inserts(node.duplicates(), insert -> routing.notes(this, insert));
    delivery = new Delivery(name, journal, attacher::schemaOf, deadLetters, inserts, node.clock());
    replaying = new Replaying(name, deadLetters, delivery, node.known(), node.clock());
    seeding = new Seeding(name, node, routing, attacher, progress, deadLetters);
    index = new PendingIndex(journal, node.catalogue(), PendingIndex.MAX_BYTES, this::isLed);
    thread = new Thread(this, "larder-follower-" + name);
    thread.setDaemon(true);
    thread.setContextClassLoader(Follower.class.getClassLoader());
    pacing = new Pacing(journal, progress, this::pace, thread, hold);
    detachment = new Detachment(name, node, this::isLed);
  }

  private Pacing.Pace pace() {
    return node.options().get().pace(!routing.isPrimary(name));
  }

  private boolean isLed(String collection) {
    return routing.leads(collection, name);
  }

  /**
   * Says whether to apply or to pass over. What no route names any more does neither: it is about
   * to be stopped, and if it came back it would lack what it had passed over.
   */
  private boolean takes(String collection) {
    boolean led = isLed(collection);
    if (!led && !routing.isNamed(name)) {
      throw new StorageException(RETRY, "STOPPING", "No route names " + name + " any more");
    }
    return led;
  }

  void start() {
    standing = new Standing(name, journal, journal.end(0), progress, pending);
    thread.start();
  }

  /**
   * Records from here on are counted as they come; earlier ones were found in the journal. Waits
   * for the moment between the follower's being known and its looking where the journal ends.
   */
  long beganAt() {
    Standing begun = standing;
    while (begun == null) {
      Thread.onSpinWait();
      begun = standing;
    }
    return begun.beganAt();
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

  /** Closes the follower's files, once it has stopped. */
  void close() throws IOException {
    index.reset();
    deadLetters.close();
  }

  String name() {
    return name;
  }

  /** Records on their way to this follower's backend. */
  PendingCounts pending() {
    return pending;
  }

  /** The records that this follower's backend has not got yet, by key. */
  PendingIndex index() {
    return index;
  }

  Seeding seeding() {
    return seeding;
  }

  /** True if it was given up and waits for a person. */
  boolean isDetached() {
    return detachment.isComplete();
  }

  Progress progress() {
    return progress;
  }

  /** Keeps it at a position, if somebody wants that; it has to be woken then. */
  Hold hold() {
    return hold;
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

  /**
   * Gives the follower up: the journal is not kept for it, and its store has to be filled anew.
   *
   * @throws IOException if that cannot be noted; it goes on then
   */
  void detach() throws IOException {
    detachment.detach();
    wake();
  }

  /** Goes on with whatever store is there, if it is halted. */
  void adopt() {
    if (haltedOn != null) {
      adopting = node.backends().find(name).orElse(null);
      haltedOn = null;
      refresh();
    }
  }

  @Override
  public void run() {
    while (!stopping) {
      BackendHandle backend = node.backends().find(name).orElse(null);
      if (backend != attached) {
        attached = null;
      }
      if (isDetached()) {
        stale();
      } else if (backend == null) {
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
      recover(backend, new StorageException(RETRY, "NODE_DISK_FAILED", OwnFiles.FAILED));
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

  /** Rests, and lets go of the journal, which a call under way may have asked for once more. */
  private void stale() {
    attached = null;
    figures.become(STALE, "MIRROR_STALE", STALE_MESSAGE + name);
    detachment.letGo();
    rest();
  }

  /** Waiting for this follower is of no use for now. */
  private void rest() {
    progress.stallUnless(this::isAble);
    LockSupport.parkNanos(this, PARK.toNanos());
  }

  private boolean isAble() {
    return !stopping
        && !isDetached()
        && !node.options().get().holdFollowers()
        && node.backends().find(name).filter(backend -> backend != haltedOn).isPresent();
  }

  private void recover(BackendHandle backend, StorageException failure) {
    if (backend.isRetired()) {
      return;
    }
    figures.failed();
    Optional<Duration> pause = setbacks.pauseAfter(failure, node.options().get());
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
    Duration timeout = node.options().get().writeTimeout();
    long position = attach(backend, timeout);
    long replayed = standing.met(position);
    if (replayed >= 0) {
      pacing.opened(journal.syncedEnd(0));
      figures.replayed(replayed);
      LOG.info("Follower {} goes on at {}, {} records behind", name, position, replayed);
    }
    replaying.met(backend, position, timeout);
    deadLetters.forgetReplayedBefore(journal.start(0));
    seeding.attached(backend, timeout);
    if (figures.condition().state() != BACKING_OFF) {
      following();
    }
    try (StretchReader reader =
        new StretchReader(journal, node.catalogue(), position, this::takes)) {
      while (!stopping && !isDetached() && !backend.isRetired()) {
        hold.standsAt(progress.reached());
        if (node.options().get().holdFollowers()) {
          held();
        } else if (seeding.step(backend, timeout)) {
          succeeded();
          if (pacing.isDueNow()) {
            drain(backend, reader);
          }
          standing.syncIfDue(backend, timeout);
        } else if (pacing.isDue()) {
          drain(backend, reader);
          succeeded();
          standing.syncIfDue(backend, node.options().get().writeTimeout());
        } else {
          standing.syncIfDue(backend, node.options().get().writeTimeout());
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
    hold.leaves();
    requirePrimaryIsFull(adopt);
    try {
      long position = attacher.attach(backend, adopt, timeout);
      attached = backend;
      if (adopt) {
        replaying.abandon();
      }
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

  /** Nobody is there to fill the store of a primary. */
  private void requirePrimaryIsFull(boolean adopt) throws IOException {
    for (String collection : node.coverage().in(Coverage.Extent.SEEDING, name)) {
      if (routing.primaryOf(collection) != this) {
        continue;
      }
      if (!adopt) {
        throw new StorageException(
            HALT,
            "NOT_SEEDED",
            name
                + " is the primary of "
                + collection
                + ", but was never filled with what came before; give back the old route, or take"
                + " the store as it is with: larder:adopt "
                + name);
      }
      node.coverage().advance(name, collection, Coverage.State.FULL);
    }
  }

  private void held() {
    figures.become(FOLLOWING, "HELD", "Followers are held by configuration");
    rest();
    if (!node.options().get().holdFollowers()) {
      following();
    }
  }

  private void succeeded() {
    setbacks.over();
    following();
  }

  private void following() {
    if (seeding.isNeeded()) {
      String obstacle = seeding.obstacle();
      figures.become(SEEDING, obstacle.isEmpty() ? "" : "SOURCE_INCOMPLETE", obstacle);
    } else {
      figures.become(FOLLOWING, "", "");
    }
  }

  private void drain(BackendHandle backend, StretchReader reader)
      throws InterruptedException, IOException {
    long limit = hold.limit();
    long end = Math.min(journal.syncedEnd(0), limit);
    Stretch stretch = reader.next(pacing.batchItems(), limit);
    if (stretch == null) {
      // The sequences up to the end are known to hold nothing.
      progress.moveTo(end);
      return;
    }
    Duration timeout = node.options().get().writeTimeout();
    attacher.prepare(backend, stretch.schemas(), timeout);
    attacher.mayReach(stretch.to());
    Delivery.Listener listener =
        (from, to, mutations) -> committed(stretch.cutOut(from, to), mutations);
    if (stretch.isReplayOf(name)) {
      replaying.perform(backend, stretch, timeout, listener);
    } else {
      boolean all = routing.table().mirror(name).appliesDeletes();
      Stretch part = all ? stretch : stretch.only(this::isKept);
      delivery.deliver(backend, part, timeout, listener);
    }
    standing.skipped(stretch);
    pacing.drained();
    deadLetters.forgetReplayedBefore(journal.start(0));
  }

  /** An archive keeps what is deleted elsewhere. */
  private boolean isKept(Mutation item) {
    return item.kind() != Mutation.Kind.DELETE || routing.primaryOf(item.collection()) == this;
  }

  private void committed(Stretch part, int mutations) {
    figures.committed(mutations, node.clock().instant());
    standing.passed(part, deadLetters);
  }

  private long durable() {
    Standing begun = standing;
    long known = begun == null ? -1 : begun.durable();
    return known >= 0 ? known : journal.retained().getOrDefault(name, -1L);
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
        durable(),
        journal.end(0),
        pacing.oldest(Math.max(0, reached)),
        figures.batches(),
        figures.items(),
        figures.failures(),
        deadLetters.size());
  }
}
