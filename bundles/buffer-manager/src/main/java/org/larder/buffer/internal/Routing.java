package org.larder.buffer.internal;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;

/**
 * Which follower takes what, and which is read from. Asked by any thread, without a lock but for
 * that of {@link Coverage} while reads move; changed by one at a time, through {@link Rerouting}.
 *
 * <p>When a collection gets another primary, the change has a place in the journal: reads go to the
 * old one until the new one has reached it, with all that came before.
 */
final class Routing {
  private final Surroundings node;
  private final Followers followers = new Followers();
  private volatile RouteTable table;
  private volatile Map<String, Move> moves = Map.of();

  Routing(Surroundings node, RouteTable table) {
    this.node = node;
    this.table = table;
  }

  /**
   * A change of a collection's primary that is under way.
   *
   * @param from the old primary, which is read from
   * @param at what the new one has to reach
   */
  record Move(String from, long at) {}

  Followers followers() {
    return followers;
  }

  RouteTable table() {
    return table;
  }

  /** The changes of primaries that are under way, by collection. */
  Map<String, Move> moves() {
    return moves;
  }

  /** Other routes hold from now on, with changes of primaries that they begin. */
  void take(RouteTable wanted, Map<String, Move> moving) {
    moves = Map.copyOf(moving);
    table = wanted;
  }

  /** The changes of primaries that are under way from now on. */
  void move(Map<String, Move> moving) {
    moves = Map.copyOf(moving);
  }

  /** The follower of that name. */
  Follower follower(String name) {
    return followers
        .find(name)
        .orElseThrow(() -> new NoSuchElementException("No follower " + name));
  }

  /** The follower whose backend is read from, and waited for. */
  Follower primaryOf(String collection) {
    Follower configured = follower(table.routeOf(collection).primary());
    Move move = moves.get(collection);
    if (move == null || isDone(move, configured.progress().reached(), collection)) {
      return configured;
    }
    return followers.find(move.from()).orElse(configured);
  }

  /**
   * True if the new primary has all by now: its store may have been replaced meanwhile, and is
   * filled anew then.
   *
   * @param reached how far that primary got
   */
  boolean isDone(Move move, long reached, String collection) {
    return reached >= move.at()
        && node.coverage().isFull(table.routeOf(collection).primary(), collection, reached);
  }

  /** The mirror that may be read from while the primary is away. */
  Optional<Follower> standInFor(String collection) {
    return table
        .routeOf(collection)
        .readFrom()
        .flatMap(followers::find)
        .filter(mirror -> isFull(mirror, collection));
  }

  /** The known collections that a route holds for. */
  List<String> collectionsOf(Route route) {
    return node.catalogue().newest().stream()
        .map(CollectionSchema::name)
        .filter(name -> table.routeOf(name).equals(route))
        .toList();
  }

  boolean isFull(Follower follower, String collection) {
    return node.coverage().isFull(follower.name(), collection, follower.progress().reached());
  }

  /**
   * True if the follower is to note whether an insert is a duplicate: as the primary, or before it.
   * An archive, or a store that is being filled, may have what others have no more.
   */
  boolean notes(Follower follower, Mutation insert) {
    Follower primary = primaryOf(insert.collection());
    boolean first =
        primary == follower
            || (primary.progress().reached() <= insert.sequence()
                && table.mirror(follower.name()).deletes() == RouteTable.Deletes.ALL);
    return first && node.coverage().isFull(follower.name(), insert.collection(), insert.sequence());
  }

  /** What a follower applies of a stretch: an archive keeps what is deleted elsewhere. */
  Stretch applied(String follower, Stretch stretch) {
    return stretch.with(
        table.mirror(follower).deletes(),
        collection -> primaryOf(collection).name().equals(follower));
  }

  /** True if the records of the collection go to that follower. */
  boolean leads(String collection, String follower) {
    if (table.leads(collection, follower)) {
      return true;
    }
    Move move = moves.get(collection);
    return move != null && move.from().equals(follower);
  }

  /** True if the records of the collection are copied to that follower: another has them first. */
  boolean mirrors(String collection, String follower) {
    return leads(collection, follower) && !primaryOf(collection).name().equals(follower);
  }

  /**
   * What is to take effect as one goes to one primary.
   *
   * @throws BufferException ROUTES_APART if these collections have several
   */
  void requireOnePrimary(Set<String> collections) {
    RouteTable current = table;
    Map<String, String> primaries = new TreeMap<>();
    collections.forEach(name -> primaries.put(name, current.routeOf(name).primary()));
    if (new HashSet<>(primaries.values()).size() > 1) {
      throw new BufferException(
          Reason.ROUTES_APART,
          "One decision writes to collections whose primaries are apart, "
              + primaries
              + "; nothing was written. Give them the same primary with larder:route",
          Duration.ofSeconds(10),
          null);
    }
  }

  /** The followers that any collection is read from, each once. */
  List<Follower> primaries() {
    Map<String, Follower> found = new LinkedHashMap<>();
    Follower all = follower(table.routeOf(Route.ALL).primary());
    found.put(all.name(), all);
    for (CollectionSchema schema : node.catalogue().newest()) {
      Follower primary = primaryOf(schema.name());
      found.put(primary.name(), primary);
    }
    return List.copyOf(found.values());
  }

  /** True if a route, or a swap that is under way, needs the follower. */
  boolean isNamed(String name) {
    return table.backends().contains(name) || isMovedFrom(name);
  }

  /** True if a swap that is under way needs the follower. */
  boolean isMovedFrom(String name) {
    return moves.values().stream().anyMatch(move -> move.from().equals(name));
  }

  /** True for a mirror that is to be given up rather than hold the journal; never for a primary. */
  boolean mayGiveUp(String name) {
    return table.mirror(name).onLag() == RouteTable.OnLag.DETACH && !isPrimary(name);
  }

  /** True for a primary of any collection, also of one whose reads have not moved yet. */
  boolean isPrimary(String name) {
    return table.isPrimary(name) || isMovedFrom(name);
  }
}
