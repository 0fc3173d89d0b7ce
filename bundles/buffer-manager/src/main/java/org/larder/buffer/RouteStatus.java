package org.larder.buffer;

import java.util.List;

/**
 * How a route is, at one moment.
 *
 * @param route as it is configured
 * @param source the backend that reads go to now; another than the primary while a swap is under
 *     way, or while the primary is away
 * @param copies one for each backend of the route, the primary first
 */
public record RouteStatus(Route route, String source, List<Copy> copies) {
  public RouteStatus {
    copies = List.copyOf(copies);
  }

  /**
   * What one backend has of what the route leads to it.
   *
   * @param backend its name
   * @param completeness whether it has all that was there before it was named
   * @param collection the one being filled; empty if none is
   * @param seeded records filled in since it began, of all collections of the route
   * @param options how it behaves as a mirror, or would if it is the primary
   * @param follower how its follower is
   */
  public record Copy(
      String backend,
      Completeness completeness,
      String collection,
      long seeded,
      RouteTable.MirrorOptions options,
      FollowerStatus follower) {}

  /** Whether a backend has all that was there before it was named. */
  public enum Completeness {
    /** It has, up to its position. */
    LIVE,
    /** It is being filled from the primary; nobody reads it. */
    SEEDING,
    /** It was given up because it was far behind, and waits for a person. */
    STALE
  }
}
