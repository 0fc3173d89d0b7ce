package org.larder.buffer.internal;

import static org.larder.buffer.FollowerStatus.State.BACKING_OFF;
import static org.larder.buffer.FollowerStatus.State.FOLLOWING;
import static org.larder.buffer.FollowerStatus.State.SEEDING;
import static org.larder.buffer.FollowerStatus.State.STALE;
import static org.larder.buffer.FollowerStatus.State.STOPPED;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.larder.buffer.FollowerStatus;
import org.larder.journal.Journal;
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
  private final Replaying replaying;
  private final Seeding seeding;
  private final DeadLetterLog deadLetters;
  private final Progress progress = new Progress();
  private final PendingCounts pending = new PendingCounts();
  private final PendingIndex index;
  private final FollowerFigures figures = new FollowerFigures();
  private final Setbacks setbacks;
  private final Hold hold;
  private final Detachment detachment;
  private final Meeting meeting;
  private final Applying applying;
  private final Thread thread;
  private final Pacing pacing;
  private volatile Standing standing;

  private volatile boolean stopping;

  /** A follower that has not begun. */
  Follower(String name, Surroundings node, DeadLetterLog deadLetters, Routing routing) {
    this.name = name;
    this.node = node;
    this.journal = node.journal();
    this.deadLetters = deadLetters;
    Predicate<String> led = collection -> routing.leads(collection, name);
    ReadyCollections collections = new ReadyCollections(node.catalogue(), led);
    Attacher attacher =
        new Attacher(name, node, collections, collection -> routing.mirrors(collection, name));
    Inserts inserts =
        new Inserts(
            node.duplicates(), RowVersions.in(journal), insert -> routing.notes(this, insert));
    Delivery delivery =
        new Delivery(name, journal, collections::schemaOf, deadLetters, inserts, node.clock());
    replaying = new Replaying(name, deadLetters, delivery, node.known(), node.clock());
    seeding = new Seeding(name, node, routing, collections, progress, deadLetters);
    index =
        new PendingIndex(
            journal,
            node.catalogue(),
            PendingIndex.MAX_BYTES,
            led,
            stretch -> routing.applied(name, stretch));
    detachment = new Detachment(name, node, led);
    setbacks = new Setbacks(name, node.options(), figures, () -> stopping);
    hold = new Hold(node.nanoTime());
    meeting = new Meeting(name, node, routing, attacher, setbacks);
    thread = new Thread(this, "larder-follower-" + name);
    thread.setDaemon(true);
    thread.setContextClassLoader(Follower.class.getClassLoader());
    Supplier<Pacing.Pace> paces = () -> node.options().get().pace(!routing.isPrimary(name));
    pacing = new Pacing(journal, progress, paces, thread, hold);
    applying =
        new Applying(
            name, node, routing, collections, delivery, replaying, deadLetters, pacing, figures);
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
    try (deadLetters) {
      index.reset();
    }
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
    return meeting.backend();
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

  /** A collection is read from another primary now. */
  void reconsider() {
    setbacks.reconsider();
    refresh();
  }

  /** Goes on with whatever store is there, if it is halted. */
  void adopt() {
    if (setbacks.adopt(node.backends().find(name))) {
      refresh();
    }
  }

  @Override
  public void run() {
    while (!stopping) {
      BackendHandle backend = node.backends().find(name).orElse(null);
      meeting.only(backend);
      if (isDetached()) {
        stale();
      } else if (backend == null) {
        setbacks.backendAway();
        rest();
      } else if (setbacks.haveHaltedOn(backend)) {
        rest();
      } else {
        setbacks.backendThere();
        setbacks.attempt(backend, () -> follow(backend));
      }
    }
    figures.become(STOPPED, "", "");
    progress.stallUnless(() -> false);
  }

  /** Rests, and lets go of the journal, which a call under way may have asked for once more. */
  private void stale() {
    meeting.only(null);
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
        && node.backends()
            .find(name)
            .filter(backend -> !setbacks.haveHaltedOn(backend))
            .isPresent();
  }

  private void follow(BackendHandle backend) throws InterruptedException, IOException {
    Duration timeout = node.options().get().writeTimeout();
    hold.leaves();
    Meeting.Met met = meeting.attach(backend, timeout);
    long position = met.position();
    hold.notBelow(met.mayReach());
    if (met.adopted()) {
      replaying.abandon();
    }
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
    try (StretchReader reader = applying.reader(position)) {
      while (!stopping && !isDetached() && !backend.isRetired()) {
        hold.standsAt(progress.reached());
        if (node.options().get().holdFollowers()) {
          held();
        } else if (seeding.step(backend, timeout)) {
          succeeded();
          if (pacing.isDueNow()) {
            applying.drain(backend, reader, standing);
          }
          standing.syncIfDue(backend, timeout);
        } else if (pacing.isDue()) {
          applying.drain(backend, reader, standing);
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
      Filling.Obstacle obstacle = seeding.obstacle();
      figures.become(SEEDING, obstacle.code(), obstacle.message());
    } else {
      figures.become(FOLLOWING, "", "");
    }
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
