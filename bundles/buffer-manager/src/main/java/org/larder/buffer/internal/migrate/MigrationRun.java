package org.larder.buffer.internal.migrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus.Comparison;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.internal.OwnFiles;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one migration to its end, on a thread of its own: looks what phase it is in, does what
 * that needs, and notes the next before it begins with it. Whatever was done before a crash is
 * found done, and not done twice. Others only change the phase in the ledger, and wake it.
 */
final class MigrationRun implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(MigrationRun.class);
  private static final long TICK_MILLIS = 100;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final long NOTE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** After a start the routes may come later than the buffer. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Premises premises;
  private final ReentrantLock comparing;
  private final long id;
  private final MigrationRequest request;
  private final RouteChange routes;
  private final Side source;
  private final Side target;
  private final Gauge gauge;
  private final Course course;
  private final RollingBack rollingBack;
  private final Thread thread;
  private final long begunNanos;
  private final Copying copying;
  private final Refused refused;
  private Phase counted;
  private long goal;
  private long notedNanos;
  private volatile boolean stopping;
  private boolean woken;
  private boolean over;

  /**
   * One that has not begun to run.
   *
   * @param comparing held while followers are: there may be one who holds them
   */
  MigrationRun(Premises premises, Ledger ledger, MigrationRecord record, ReentrantLock comparing) {
    this.comparing = comparing;
    this.premises = premises;
    begunNanos = premises.nanoTime();
    id = record.id();
    request = record.request();
    routes = new RouteChange(premises, request, record.before());
    source = premises.side(request.from());
    target = premises.side(request.to());
    gauge = new Gauge(record.verified(), record.comparison(), premises::nanoTime);
    course = new Course(premises, ledger, gauge, record);
    rollingBack = new RollingBack(premises, request, routes, source, course);
    copying = new Copying(target, schemas(), record.copied());
    refused = new Refused(target);
    thread = new Thread(this, "larder-migration-" + id);
    thread.setDaemon(true);
    thread.setContextClassLoader(MigrationRun.class.getClassLoader());
  }

  private List<CollectionSchema> schemas() {
    return premises.collectionsOf(request.collection());
  }

  void start() {
    thread.start();
  }

  Gauge gauge() {
    return gauge;
  }

  /**
   * Its phase was changed.
   *
   * @return false if it has ended already: then another has to be begun
   */
  synchronized boolean wake() {
    woken = true;
    notifyAll();
    return !over;
  }

  synchronized boolean hasEnded() {
    return over;
  }

  /** Decided once, so that whoever wakes it knows whether it was heard. */
  private synchronized boolean isOver() {
    over = over || stopping || course.record().phase().isEnd();
    return over;
  }

  /** Ends the thread; the migration goes on when the node starts again. */
  void stop() throws InterruptedException {
    stopping = true;
    wake();
    thread.join(TimeUnit.SECONDS.toMillis(2));
    if (thread.isAlive()) {
      thread.interrupt();
      thread.join(TimeUnit.SECONDS.toMillis(1));
    }
  }

  @Override
  public void run() {
    try {
      goOn();
    } finally {
      ended();
    }
  }

  private synchronized void ended() {
    over = true;
  }

  private void goOn() {
    MigrationRecord record = course.record();
    LOG.info(
        "Migration {} of {} from {} to {}: {}",
        id,
        request.collection(),
        request.from(),
        request.to(),
        record.phase().wireName());
    while (!isOver()) {
      record = course.record();
      Duration pause = Duration.ofMillis(TICK_MILLIS);
      try {
        step(record.phase());
        noteTrouble();
      } catch (StorageException e) {
        course.waits(e.code(), e.getMessage());
        pause = PAUSE;
      } catch (RouteRefusedException e) {
        refused(record.phase(), e);
        pause = PAUSE;
      } catch (IOException | UncheckedIOException e) {
        LOG.error("Migration {} cannot use the node's own files", id, e);
        gauge.waits("NODE_DISK_FAILED", OwnFiles.FAILED);
        pause = PAUSE;
      } catch (InterruptedException e) {
        LOG.info("Migration {} goes on when the node starts again", id);
        return;
      } catch (RuntimeException | Error e) {
        LOG.error("Migration {} has met an error of the program", id, e);
        course.fail(record.phase(), "INTERNAL", "Nobody foresaw it; the log has the reason: " + e);
      }
      pauseFor(pause);
    }
  }

  private synchronized void pauseFor(Duration pause) {
    long until = System.nanoTime() + pause.toNanos();
    try {
      long left = pause.toMillis();
      while (!woken && !stopping && left > 0) {
        wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      }
      woken = false;
    } catch (InterruptedException e) {
      stopping = true;
    }
  }

  private void noteTrouble() {
    Side troubled = target.trouble().isPresent() ? target : source;
    troubled
        .trouble()
        .ifPresentOrElse(
            found -> course.waits(found.code(), troubled.name() + ": " + found.message()),
            () -> gauge.waits("", ""));
  }

  private void step(Phase phase) throws InterruptedException, IOException {
    switch (phase) {
      case PREPARED -> {
        // First: what is copied before anybody looks counts for the rate as well. Anew at each try:
        // waiting for the route does not.
        counted = null;
        beginToCount(copying.count(schemas()));
        routes.mirror();
        course.become(phase, Phase.BACKFILLING);
      }
      case BACKFILLING -> backfill();
      case CATCHING_UP -> catchUp();
      case VERIFYING -> verify();
      case CUT_OVER -> cutOver();
      case ROLLING_BACK -> {
        if (isRouted(phase, routes.isOfSource() || routes.isSwapped())) {
          rollingBack.step();
        }
      }
      default -> throw new IllegalStateException("Nothing is to be done in " + phase);
    }
  }

  /** True if the route is as it has to be; if it is not for long, the migration fails. */
  private boolean isRouted(Phase phase, boolean asWanted) {
    if (!asWanted && premises.nanoTime() - begunNanos > GRACE.toNanos()) {
      course.fail(
          phase,
          "ROUTE_CHANGED",
          "The route of "
              + request.collection()
              + " is not the migration's any more: "
              + premises.routes().routeOf(request.collection()).backends()
              + "; it stays as it is now");
    }
    return asWanted;
  }

  private boolean isFilled() {
    return schemas().stream().allMatch(schema -> target.isFilled(schema.name()));
  }

  private void beginToCount(long copied) {
    if (counted != Phase.BACKFILLING) {
      counted = Phase.BACKFILLING;
      gauge.begin(copied, course.record().total());
      notedNanos = System.nanoTime();
    }
  }

  private void backfill() throws IOException {
    if (!isRouted(Phase.BACKFILLING, routes.isMirrored())) {
      return;
    }
    List<CollectionSchema> schemas = schemas();
    beginToCount(copying.count(schemas));
    boolean filled = isFilled();
    // Only then: a range counts before it is noted, so the last count has all of them.
    long copied = copying.count(schemas);
    gauge.count(copied);
    if (filled || System.nanoTime() - notedNanos > NOTE_NANOS) {
      notedNanos = System.nanoTime();
      course.change(Phase.BACKFILLING, record -> record.with(copied, 0, Comparison.NONE));
    }
    if (filled) {
      course.become(Phase.BACKFILLING, Phase.CATCHING_UP);
    }
  }

  private void catchUp() throws IOException {
    if (!isRouted(Phase.CATCHING_UP, routes.isMirrored())) {
      return;
    }
    if (counted != Phase.CATCHING_UP) {
      counted = Phase.CATCHING_UP;
      goal = source.reached();
    }
    if (!isFilled()) {
      // It was given up meanwhile, and is filled anew.
      course.become(Phase.CATCHING_UP, Phase.BACKFILLING);
      return;
    }
    boolean full = schemas().stream().allMatch(schema -> target.isFull(schema.name()));
    if (full && target.reached() >= goal) {
      course.become(Phase.CATCHING_UP, Phase.VERIFYING);
    }
  }

  private void verify() throws InterruptedException, IOException {
    if (!isRouted(Phase.VERIFYING, routes.isMirrored())) {
      return;
    }
    if (!isFilled()) {
      course.become(Phase.VERIFYING, Phase.BACKFILLING);
      return;
    }
    gauge.begin(0, Math.max(course.record().total(), course.record().copied()));
    counted = Phase.VERIFYING;
    refused.begin(schemas());
    Comparing comparison =
        new Comparing(premises, source, target, comparing, "larder-migration-" + id + "-reader");
    Optional<String> difference = comparison.run(schemas(), new Observer());
    if (difference.isPresent()) {
      course.fail(Phase.VERIFYING, "VERIFICATION_FAILED", difference.get());
    } else if (isVerifying()) {
      compared();
    }
  }

  private boolean isVerifying() {
    return !stopping && course.record().phase() == Phase.VERIFYING && routes.isMirrored();
  }

  /** Keeps what the comparison finds. */
  private final class Observer implements Comparing.Observer {
    @Override
    public void equal(long records, Comparison found) throws IOException {
      gauge.count(records);
      gauge.compared(records, found);
      // At each try while nothing can be compared: the disk is forced for news only.
      if (records != course.record().verified() || !found.digest().isEmpty()) {
        course.change(Phase.VERIFYING, record -> record.with(record.copied(), records, found));
      }
    }

    @Override
    public void waits(StorageException cause) {
      course.waits(cause.code(), cause.getMessage());
      pauseFor(PAUSE);
    }

    @Override
    public BooleanSupplier ended() {
      return () -> !isVerifying();
    }
  }

  private void compared() throws IOException {
    Optional<String> lacking = refused.found(schemas());
    if (lacking.isPresent()) {
      course.fail(Phase.VERIFYING, "VERIFICATION_FAILED", lacking.get());
      return;
    }
    Comparison found = gauge.comparison();
    LOG.info(
        "Migration {}: {} records in {} ranges are equal; that took {} ms, held for {} ms of it",
        id,
        gauge.verified(),
        found.ranges(),
        found.took().toMillis(),
        found.held().toMillis());
    if (course.record().cutOver()) {
      course.become(Phase.VERIFYING, Phase.CUT_OVER);
    } else {
      course.end(
          Phase.VERIFYING,
          Phase.MIRRORED,
          request.to()
              + " holds a copy that was compared, and follows as a mirror; "
              + request.from()
              + " stays the primary");
    }
  }

  private void cutOver() throws IOException {
    if (!isRouted(Phase.CUT_OVER, routes.isMirrored() || routes.isSwapped())) {
      return;
    }
    if (routes.isMirrored() && !refused.hasBegun()) {
      // The node was started anew: nobody knows what was refused and discarded in between.
      course.become(Phase.CUT_OVER, Phase.CATCHING_UP);
      return;
    }
    if (refused.found(schemas()).isEmpty()) {
      routes.swap();
    }
    // Whatever it refuses before reads move is a letter when they do.
    boolean moved = routes.isReadFrom(request.to());
    Optional<String> lacking = refused.found(schemas());
    if (lacking.isPresent()) {
      takeBack(lacking.get());
    } else if (moved) {
      course.end(
          Phase.CUT_OVER,
          Phase.DONE,
          request.to() + " is the primary, and " + request.from() + " follows as its mirror");
    }
  }

  private void takeBack(String why) {
    try {
      routes.swapBack();
    } catch (RouteRefusedException e) {
      throw new RouteRefusedException(
          e.code(), why + ". The swap is taken back when nothing is in the way: " + e.getMessage());
    }
    if (!routes.isSwapped() && routes.isReadFrom(request.from())) {
      course.fail(Phase.CUT_OVER, "VERIFICATION_FAILED", why);
    }
  }

  /** A route that was checked before is refused now; after a start, backends may still come. */
  private void refused(Phase phase, RouteRefusedException e) {
    if (!e.code().equals("NOT_SEEDED") && !e.code().equals("BACKEND_UNKNOWN")) {
      course.fail(phase, e.code(), e.getMessage());
      return;
    }
    course.waits(e.code(), e.getMessage());
    if (phase == Phase.CUT_OVER && !routes.isSwapped()) {
      try {
        course.become(Phase.CUT_OVER, Phase.CATCHING_UP);
      } catch (IOException failed) {
        LOG.error("Migration {} cannot be noted", id, failed);
      }
    }
  }
}
