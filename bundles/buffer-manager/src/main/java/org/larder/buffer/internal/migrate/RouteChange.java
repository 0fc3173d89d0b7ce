package org.larder.buffer.internal.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;

/**
 * What a migration does to routes: each step may be repeated, and then does nothing. A step looks
 * at the routes and changes them at once, and leaves alone what others have changed in them.
 */
final class RouteChange {
  private final Premises premises;
  private final MigrationRequest request;
  private final Route before;

  /**
   * For one migration.
   *
   * @param before the route that held before it: the collection's own, or that of all
   */
  RouteChange(Premises premises, MigrationRequest request, Route before) {
    this.premises = premises;
    this.request = request;
    this.before = before;
  }

  private Route in(RouteTable routes) {
    return own(routes.routeOf(request.collection()));
  }

  private Route own(Route route) {
    return new Route(request.collection(), route.primary(), route.mirrors(), route.readFrom());
  }

  private Route now() {
    return in(premises.routes());
  }

  private void change(UnaryOperator<Route> change, String filled) {
    premises.changeRoutes(
        routes -> {
          Route route = in(routes);
          Route changed = change.apply(route);
          return changed.equals(route) ? routes : routes.with(changed);
        },
        filled);
  }

  /** The target becomes a mirror. */
  void mirror() {
    change(
        route -> {
          if (route.backends().contains(request.to())) {
            return route;
          }
          List<String> mirrors = new ArrayList<>(route.mirrors());
          mirrors.add(request.to());
          return new Route(route.collection(), route.primary(), mirrors, route.readFrom());
        },
        request.to());
  }

  /** True if the source is the primary, whatever the mirrors. */
  boolean isOfSource() {
    return now().primary().equals(request.from());
  }

  /** True if the target mirrors the source. */
  boolean isMirrored() {
    return mirrors(now(), request.from(), request.to());
  }

  /** True if the target is the primary and the source its mirror. */
  boolean isSwapped() {
    return mirrors(now(), request.to(), request.from());
  }

  private static boolean mirrors(Route route, String primary, String mirror) {
    return route.primary().equals(primary) && route.mirrors().contains(mirror);
  }

  /** The target becomes the primary, and the source its mirror. */
  void swap() {
    swap(request.from(), request.to());
  }

  /** The source becomes the primary again, and the target its mirror. */
  void swapBack() {
    swap(request.to(), request.from());
  }

  private void swap(String primary, String mirror) {
    change(route -> mirrors(route, primary, mirror) ? route.swappedTo(mirror) : route, "");
  }

  /** True if the target became a mirror by the migration, and not before. */
  boolean hasJoined() {
    return !before.backends().contains(request.to());
  }

  /**
   * The target is no mirror any more, if it was none before; a route that the migration made goes,
   * if it says what that of all says. For a source that is the primary.
   */
  void restore() {
    premises.changeRoutes(
        routes -> {
          Route route = in(routes);
          boolean others =
              !route.primary().equals(request.from())
                  || !routes.routes().containsKey(request.collection());
          if (others) {
            return routes;
          }
          Route restored = hasJoined() ? withoutTarget(route) : route;
          boolean made = !before.collection().equals(request.collection());
          return made && saysTheSame(restored, own(routes.routeOf(Route.ALL)))
              ? routes.without(request.collection())
              : routes.with(restored);
        },
        "");
  }

  private Route withoutTarget(Route route) {
    List<String> mirrors =
        route.mirrors().stream().filter(mirror -> !mirror.equals(request.to())).toList();
    Optional<String> readFrom =
        route.readFrom().filter(mirrors::contains).or(before::readFrom).filter(mirrors::contains);
    return new Route(route.collection(), route.primary(), mirrors, readFrom);
  }

  private static boolean saysTheSame(Route one, Route other) {
    return one.primary().equals(other.primary())
        && Set.copyOf(one.mirrors()).equals(Set.copyOf(other.mirrors()))
        && one.readFrom().equals(other.readFrom());
  }

  /** True if all that is meant is read from that backend. */
  boolean isReadFrom(String backend) {
    return premises.collectionsOf(request.collection()).stream()
        .allMatch(schema -> premises.readFrom(schema.name()).equals(backend));
  }
}
