package org.larder.buffer.internal.migrate;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus.Comparison;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.RouteRefusedException;
import org.larder.storage.model.CollectionSchema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a migration does in each of its phases. For the migration's thread. */
final class Phases {
  private static final Logger LOG = LoggerFactory.getLogger(Phases.class);
  private static final long NOTE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** After a start the routes may come later than the buffer. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Premises premises;
  private final long id;
  private final MigrationRequest request;
  private final Course course;
  private final Gauge gauge;
  private final Verifying verifying;
  private final Refused refused;
  private final RouteChange routes;
  private final Side source;
  private final Side target;
  private final RollingBack rollingBack;
  private final Copying copying;
  private final long begunNanos;
  private Phase counted;
  private long goal;
  private long notedNanos;

  /** A migration as it was noted last. */
  Phases(
      Premises premises, MigrationRecord record, Course course, Gauge gauge, Verifying verifying) {
    this.premises = premises;
    id = record.id();
    request = record.request();
    this.course = course;
    this.gauge = gauge;
    this.verifying = verifying;
    refused = verifying.refused();
    routes = new RouteChange(premises, request, record.before());
    source = premises.side(request.from());
    target = premises.side(request.to());
    rollingBack = new RollingBack(premises, request, routes, source, course);
    copying = new Copying(target, schemas(), record.copied());
    begunNanos = premises.nanoTime();
  }

  private List<CollectionSchema> schemas() {
    return premises.collectionsOf(request.collection());
  }

  private void noteTrouble() {
    Side troubled = target.trouble().isPresent() ? target : source;
    troubled
        .trouble()
        .ifPresentOrElse(
            found -> course.waits(found.code(), troubled.name() + ": " + found.message()),
            () -> gauge.waits("", ""));
  }

  /** Does what can be done now; to be called again until the migration has ended. */
  void step(Phase phase) throws InterruptedException, IOException {
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
    noteTrouble();
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
    counted = Phase.VERIFYING;
    verifying.step();
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
  void refused(Phase phase, RouteRefusedException e) {
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
