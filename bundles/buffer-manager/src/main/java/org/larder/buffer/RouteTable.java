package org.larder.buffer;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All routes of a node, and how its mirrors behave.
 *
 * @param routes by collection; {@link Route#ALL} is always there
 * @param mirrors by backend; a mirror that is not here detaches and applies deletes
 */
public record RouteTable(Map<String, Route> routes, Map<String, MirrorOptions> mirrors) {
  /**
   * How a mirror behaves, for all that it mirrors.
   *
   * @param onLag what happens when it is far behind
   * @param deletes which it applies
   */
  public record MirrorOptions(OnLag onLag, Deletes deletes) {
    /** What a mirror does unless told otherwise. */
    public static final MirrorOptions DEFAULT = new MirrorOptions(OnLag.DETACH, Deletes.ALL);
  }

  /**
   * Which deletes a mirror applies. One that does not apply all is an archive: it may have records
   * that others have no more, and when it is filled anew it keeps what it has.
   */
  public enum Deletes {
    /** A copy of the primary. */
    ALL,
    /** It keeps what retention removes, and removes what users do. */
    USER,
    /** It keeps everything. */
    NONE
  }

  /** What happens when a mirror holds most of the journal. */
  public enum OnLag {
    /** It is given up, and has to be seeded again. */
    DETACH,
    /** The journal waits for it, until writes are refused. */
    BLOCK
  }

  public RouteTable {
    routes = Map.copyOf(routes);
    mirrors = Map.copyOf(mirrors);
    if (!routes.containsKey(Route.ALL)) {
      throw new RouteRefusedException("ROUTE_INVALID", "There has to be a route for *");
    }
  }

  /** Everything goes to one backend. */
  public static RouteTable of(String primary) {
    return new RouteTable(Map.of(Route.ALL, Route.of(Route.ALL, primary)), Map.of());
  }

  /** The route that holds for a collection. */
  public Route routeOf(String collection) {
    Route own = routes.get(collection);
    return own != null ? own : routes.get(Route.ALL);
  }

  /** How a backend behaves as a mirror. */
  public MirrorOptions mirror(String backend) {
    return mirrors.getOrDefault(backend, MirrorOptions.DEFAULT);
  }

  /** Every backend that a route names. */
  public Set<String> backends() {
    Set<String> names = new TreeSet<>();
    routes.values().forEach(route -> names.addAll(route.backends()));
    return names;
  }

  /** True if records of the collection go to the backend. */
  public boolean leads(String collection, String backend) {
    Route route = routeOf(collection);
    return route.primary().equals(backend) || route.mirrors().contains(backend);
  }

  /** True if the backend is the primary of any route. */
  public boolean isPrimary(String backend) {
    return routes.values().stream().anyMatch(route -> route.primary().equals(backend));
  }

  /** The same with one route more, or another in its place. */
  public RouteTable with(Route route) {
    Map<String, Route> changed = new TreeMap<>(routes);
    changed.put(route.collection(), route);
    return new RouteTable(changed, mirrors);
  }

  /** The same with a collection that has no route of its own any more. */
  public RouteTable without(String collection) {
    Map<String, Route> changed = new TreeMap<>(routes);
    changed.remove(collection);
    return new RouteTable(changed, mirrors);
  }

  /** The routes by collection, that of {@link Route#ALL} first. */
  public List<Route> inOrder() {
    return new TreeMap<>(routes).values().stream().toList();
  }
}
