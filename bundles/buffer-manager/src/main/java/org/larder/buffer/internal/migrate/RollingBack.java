package org.larder.buffer.internal.migrate;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.storage.spi.StorageException;

/**
 * The way back of a migration: the source becomes the primary again, if it is not, and the route
 * loses what the migration added. For the migration's thread.
 */
final class RollingBack {
  /** A backend that is away for longer is not just being replaced. */
  static final Duration ABSENCE = Duration.ofMinutes(1);

  private final Premises premises;
  private final MigrationRequest request;
  private final RouteChange routes;
  private final Side source;
  private final Course course;
  private boolean begun;
  private boolean swappedBack;
  private long presentNanos;

  /** One that has not begun. */
  RollingBack(
      Premises premises, MigrationRequest request, RouteChange routes, Side source, Course course) {
    this.premises = premises;
    this.request = request;
    this.routes = routes;
    this.source = source;
    this.course = course;
  }

  /** Does what can be done now; to be called again until the migration has ended. */
  void step() throws IOException {
    if (!begun) {
      begun = true;
      presentNanos = premises.nanoTime();
    }
    if (!routes.isReadFrom(request.from()) && source.descriptor().isEmpty()) {
      endWithoutSource();
      return;
    }
    presentNanos = premises.nanoTime();
    if (routes.isSwapped()) {
      if (swappedBack) {
        endSwappedAgain();
        return;
      }
      requireWholeSource();
      routes.swapBack();
      swappedBack = true;
    }
    if (!routes.isOfSource() || !routes.isReadFrom(request.from())) {
      return;
    }
    routes.restore();
    course.end(
        Phase.ROLLING_BACK,
        course.record().goal(),
        request.from()
            + " is the primary; "
            + request.to()
            + (routes.hasJoined() ? " follows no more, and keeps what it has" : " is its mirror"));
  }

  /** Somebody would not wait for reads to come back to the source. */
  private void endSwappedAgain() {
    fail(
        "ROUTE_CHANGED",
        "The route of "
            + request.collection()
            + " was swapped again before it was read from "
            + request.from()
            + "; "
            + request.to()
            + " is the primary, and it can be rolled back again");
  }

  /** Reads would never move to a backend that is configured no more. */
  private void endWithoutSource() {
    if (premises.nanoTime() - presentNanos <= ABSENCE.toNanos()) {
      return;
    }
    routes.swap();
    fail(
        "BACKEND_UNKNOWN",
        "There is no backend "
            + request.from()
            + " any more to go back to; "
            + request.to()
            + " is the primary. Configure "
            + request.from()
            + " and roll back again, or take it out of the route with larder:route");
  }

  /** It may be ordered again before its thread has ended. */
  private void fail(String code, String message) {
    begun = false;
    swappedBack = false;
    course.fail(Phase.ROLLING_BACK, code, message);
  }

  /**
   * What keeps the source from following: reads would not come back to it. One that is away is
   * waited for.
   */
  static Optional<Side.Trouble> inTheWay(Side source) {
    return source.descriptor().isEmpty()
        ? Optional.empty()
        : source.trouble().filter(trouble -> !trouble.follows());
  }

  private void requireWholeSource() {
    inTheWay(source)
        .ifPresent(
            trouble -> {
              throw new StorageException(
                  StorageException.Severity.RETRY,
                  trouble.code(),
                  source.name() + ": " + trouble.message());
            });
    Refused.letters(source, premises.collectionsOf(request.collection()))
        .ifPresent(
            lacking -> {
              throw new StorageException(
                  StorageException.Severity.RETRY,
                  "SOURCE_INCOMPLETE",
                  lacking + ": replay or discard them, then it becomes the primary again");
            });
  }
}
