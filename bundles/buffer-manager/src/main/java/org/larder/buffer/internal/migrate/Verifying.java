package org.larder.buffer.internal.migrate;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus.Comparison;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The phase in which both sides of a migration are compared. For the migration's thread. */
final class Verifying {
  private static final Logger LOG = LoggerFactory.getLogger(Verifying.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Premises premises;
  private final long id;
  private final MigrationRequest request;
  private final RouteChange routes;
  private final Course course;
  private final Gauge gauge;
  private final ReentrantLock comparing;
  private final Consumer<Duration> pause;
  private final BooleanSupplier stopping;
  private final Side source;
  private final Side target;
  private final Refused refused;

  /** True from when on the comparison is of no use any more: its route may be given back. */
  private volatile boolean ended;

  /**
   * One that has not begun.
   *
   * @param comparing held while followers are: there may be one who holds them
   * @param pause rests so long, or until somebody wakes the migration
   * @param stopping true if the node stops
   */
  Verifying(
      Premises premises,
      MigrationRecord record,
      Course course,
      Gauge gauge,
      ReentrantLock comparing,
      Consumer<Duration> pause,
      BooleanSupplier stopping) {
    this.premises = premises;
    id = record.id();
    request = record.request();
    routes = new RouteChange(premises, request, record.before());
    this.course = course;
    this.gauge = gauge;
    this.comparing = comparing;
    this.pause = pause;
    this.stopping = stopping;
    source = premises.side(request.from());
    target = premises.side(request.to());
    refused = new Refused(target);
  }

  /** What the target has refused since the comparison began. */
  Refused refused() {
    return refused;
  }

  private List<CollectionSchema> schemas() {
    return premises.collectionsOf(request.collection());
  }

  /** Compares, and goes on to the next phase or ends, unless others end it meanwhile. */
  void step() throws InterruptedException, IOException {
    ended = false;
    gauge.begin(0, Math.max(course.record().total(), course.record().copied()));
    refused.begin(schemas());
    Comparing comparison =
        new Comparing(premises, source, target, comparing, "larder-migration-" + id + "-reader");
    Optional<String> difference = comparison.run(schemas(), new Observer());
    if (difference.isPresent()) {
      course.fail(Phase.VERIFYING, "VERIFICATION_FAILED", difference.get());
    } else if (!hasEnded()) {
      compared();
    }
  }

  private boolean hasEnded() {
    ended =
        ended
            || stopping.getAsBoolean()
            || course.record().phase() != Phase.VERIFYING
            || !routes.isMirrored();
    return ended;
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
      pause.accept(PAUSE);
    }

    @Override
    public BooleanSupplier ended() {
      return Verifying.this::hasEnded;
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
}
