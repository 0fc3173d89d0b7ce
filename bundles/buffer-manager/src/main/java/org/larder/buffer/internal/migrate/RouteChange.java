package org.larder.buffer.internal.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.Route;

/** What a migration does to routes: each step may be repeated, and then does nothing. */
final class RouteChange {
  private final Premises premises;
  private final MigrationRequest request;
  private final Optional<Route> before;

  /**
   * For one migration.
   *
   * @param before the collection's own route before it; empty if it had none
   */
  RouteChange(Premises premises, MigrationRequest request, Optional<Route> before) {
    this.premises = premises;
    this.request = request;
    this.before = before;
  }

  private Route now() {
    Route route = premises.routes().routeOf(request.collection());
    return new Route(request.collection(), route.primary(), route.mirrors(), route.readFrom());
  }

  /** The target becomes a mirror. */
  void mirror() {
    Route route = now();
    if (!route.backends().contains(request.to())) {
      List<String> mirrors = new ArrayList<>(route.mirrors());
      mirrors.add(request.to());
      premises.changeRoute(
          new Route(route.collection(), route.primary(), mirrors, route.readFrom()), request.to());
    }
  }

  /** True if the source is the primary, whatever the mirrors. */
  boolean isOfSource() {
    return now().primary().equals(request.from());
  }

  /** True if the target mirrors the source. */
  boolean isMirrored() {
    Route route = now();
    return route.primary().equals(request.from()) && route.mirrors().contains(request.to());
  }

  /** True if the target is the primary and the source its mirror. */
  boolean isSwapped() {
    Route route = now();
    return route.primary().equals(request.to()) && route.mirrors().contains(request.from());
  }

  /** The target becomes the primary, and the source its mirror. */
  void swap() {
    if (isMirrored()) {
      premises.changeRoute(now().swappedTo(request.to()), "");
    }
  }

  /** The source becomes the primary again, and the target its mirror. */
  void swapBack() {
    if (isSwapped()) {
      premises.changeRoute(now().swappedTo(request.from()), "");
    }
  }

  /** The route that was there before holds again. */
  void restore() {
    if (before.isPresent()) {
      premises.changeRoute(before.get(), "");
    } else if (premises.routes().routes().containsKey(request.collection())) {
      premises.removeRoute(request.collection());
    }
  }

  /** True if all that is meant is read from that backend. */
  boolean isReadFrom(String backend) {
    return premises.collectionsOf(request.collection()).stream()
        .allMatch(schema -> premises.readFrom(schema.name()).equals(backend));
  }
}
