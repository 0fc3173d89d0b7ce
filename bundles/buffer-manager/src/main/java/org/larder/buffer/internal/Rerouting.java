package org.larder.buffer.internal;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.larder.buffer.Route;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteTable;
import org.larder.buffer.internal.Coverage.Extent;
import org.larder.buffer.internal.Coverage.Place;
import org.larder.buffer.internal.Coverage.State;
import org.larder.buffer.internal.Routing.Move;
import org.larder.journal.Journal;
import org.larder.journal.JournalFailedException;
import org.larder.journal.JournalFullException;
import org.larder.journal.NewFrame;
import org.larder.storage.model.CollectionSchema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes routes, and starts and stops followers with them. Free for any thread; one change comes
 * at a time.
 */
final class Rerouting {
  private static final Logger LOG = LoggerFactory.getLogger(Rerouting.class);

  private final Surroundings node;
  private final Routing routing;
  private final Followers followers;
  private final Leaving leaving;
  private final Adoption adoption;

  Rerouting(Surroundings node, Routing routing) {
    this.node = node;
    this.routing = routing;
    followers = routing.followers();
    leaving = new Leaving(node, routing);
    adoption = new Adoption(node, routing);
  }

  /** Begins to follow when the node starts; whatever is configured is taken. */
  synchronized void begin() throws IOException {
    Journal journal = node.journal();
    node.memory().boundAll(routing.table().backends(), node.openingEnd());
    boolean upgraded = node.coverage().isFresh() && !journal.retained().isEmpty();
    Map<Place, State> news = new HashMap<>();
    for (String name : routing.table().backends()) {
      boolean known = journal.retained().containsKey(name);
      boolean fromTheBeginning =
          !known
              && !node.coverage().isStale(name)
              && journal.start(0) == 0
              && !node.memory().hasForeign()
              && node.memory().storeOf(name).isEmpty();
      forEach(
          name,
          place -> {
            if (node.coverage().of(place.follower(), place.collection()).isEmpty()) {
              State missed = known && isUnused(place.collection()) ? ofNew(place) : State.UNSEEDED;
              news.put(place, fromTheBeginning || (known && upgraded) ? State.FULL : missed);
            }
          });
    }
    node.coverage().note(news, leaving::isLedNoMore);
    if (node.coverage().isOlder()) {
      noteArchives();
    }
    Joining joining = new Joining(node, routing);
    try {
      joining.prepare(routing.table(), "");
    } catch (IOException | RuntimeException e) {
      joining.undo(e);
      throw e;
    }
    List<Follower> joined = joining.add();
    leaving.begin();
    joined.forEach(Follower::start);
  }

  /** True if the catalogue has it, but the node ended before anybody could write to it. */
  private boolean isUnused(String collection) {
    return !node.coverage().isFresh() && !node.coverage().isAnywhere(collection);
  }

  /**
   * What a store has of a collection that nobody has written to: all of it. A mirror that is being
   * filled is filled with it as well: it may not have been met yet, and would have to be one that
   * has followed all along, if it had all of anything.
   */
  private State ofNew(Place place) {
    if (node.coverage().isStale(place.follower())) {
      return State.STALE;
    }
    String primary = routing.table().routeOf(place.collection()).primary();
    boolean filled =
        !place.follower().equals(primary)
            && !node.coverage().in(Extent.SEEDING, place.follower()).isEmpty();
    return filled ? State.UNSEEDED : State.FULL;
  }

  /** Earlier releases did not note what archives have more than others. */
  private void noteArchives() throws IOException {
    for (String name : routing.table().backends()) {
      if (routing.table().mirror(name).deletes() != RouteTable.Deletes.ALL) {
        Set<String> mirrored = new HashSet<>();
        forEach(name, place -> mirrored.add(place.collection()));
        mirrored.removeIf(collection -> routing.table().routeOf(collection).primary().equals(name));
        node.coverage().noteSurplus(name, mirrored, true);
      }
    }
  }

  private interface PlaceAction {
    void take(Place place);
  }

  private void forEach(String follower, PlaceAction action) {
    for (CollectionSchema schema : node.catalogue().newest()) {
      if (routing.table().leads(schema.name(), follower)) {
        action.take(new Place(follower, schema.name()));
      }
    }
  }

  /** A collection is new: whoever follows gets all of it. */
  synchronized void added(String collection) throws IOException {
    Map<Place, State> news = new HashMap<>();
    for (String name : routing.table().routeOf(collection).backends()) {
      Place place = new Place(name, collection);
      news.put(place, ofNew(place));
    }
    node.coverage().note(news, place -> false);
  }

  /**
   * Takes other routes while running.
   *
   * @param filled a backend that is filled from the primary where it joins, even if the journal has
   *     all that it needs; empty for none
   * @param keeper gets the routes when nothing else can keep them from taking effect
   * @throws RouteRefusedException if they name what is not there, or a primary that lacks what the
   *     old one has; nothing has changed then
   * @throws IOException if the node's own files fail; nothing has changed then
   */
  synchronized void change(RouteTable wanted, String filled, RouteKeeper keeper)
      throws IOException {
    if (wanted.equals(routing.table())) {
      keeper.write(wanted);
      return;
    }
    RouteCheck check = new RouteCheck(node, routing);
    check.check(wanted);
    Map<String, Move> moving = new HashMap<>(routing.moves());
    Map<Place, State> news = new HashMap<>();
    for (CollectionSchema schema : node.catalogue().newest()) {
      String collection = schema.name();
      Route route = wanted.routeOf(collection);
      for (String name : route.backends()) {
        if (!routing.leads(collection, name)) {
          Optional<State> lacking =
              name.equals(filled) ? Optional.of(State.UNSEEDED) : check.joining(name, collection);
          lacking.ifPresent(state -> news.put(new Place(name, collection), state));
        }
      }
      if (!route.primary().equals(routing.table().routeOf(collection).primary())) {
        moving.put(collection, new Move(routing.primaryOf(collection).name(), Long.MAX_VALUE));
      }
    }
    Joining joining = new Joining(node, routing);
    try {
      joining.prepare(wanted, filled);
      // Of who comes back nothing counts that is not led to it: it may be stale in that.
      node.coverage()
          .note(
              news,
              place ->
                  wanted.backends().contains(place.follower())
                      && followers.find(place.follower()).isEmpty()
                      && !wanted.leads(place.collection(), place.follower()));
      keeper.write(wanted);
    } catch (IOException | RuntimeException e) {
      joining.undo(e);
      forget(news.keySet(), e);
      throw e;
    }
    take(wanted, moving, joining.add());
  }

  /** From here on the new routes hold, whatever fails. */
  private void take(RouteTable wanted, Map<String, Move> moving, List<Follower> joined) {
    RouteTable before = routing.table();
    routing.take(wanted, moving);
    // First: who appends waits for them to begin.
    joined.forEach(Follower::start);
    leaving.forgetPending();
    noteSwaps(before, wanted);
    LOG.info(
        "The routes are now {}",
        wanted.inOrder().stream().map(Route::toString).collect(Collectors.joining("; ")));
    try {
      settle();
    } catch (IOException e) {
      LOG.error("What the routes name no more is not let go of; that is tried again", e);
    }
    followers.refresh();
  }

  /** The change does not take place: nothing is kept for whoever would have joined. */
  private void forget(Set<Place> joining, Exception failure) {
    try {
      leaving.releaseAllBut(routing.table());
      node.coverage().note(Map.of(), joining::contains);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Gives each swap its place in the journal; without one, reads would never move. */
  private void noteSwaps(RouteTable before, RouteTable wanted) {
    for (Route route : wanted.inOrder()) {
      if (!before.routeOf(route.collection()).primary().equals(route.primary())) {
        byte[] record = new LogRecord.Swap(route.collection(), route.primary()).encode();
        try {
          node.journal().append(0, List.of(NewFrame.of(FramePayload.RECORD, true, 1, 0, record)));
        } catch (JournalFullException | JournalFailedException e) {
          LOG.warn("The swap to {} has no record of its own in the journal", route.primary(), e);
        }
      }
    }
    long at = node.journal().end(0);
    Map<String, Move> placed = new HashMap<>(routing.moves());
    placed.replaceAll(
        (name, move) -> move.at() == Long.MAX_VALUE ? new Move(move.from(), at) : move);
    routing.move(placed);
    for (Follower follower : followers.list()) {
      follower.progress().want(at);
    }
  }

  /** Ends the moves that are done, and lets go of followers that nothing leads to any more. */
  synchronized void settle() throws IOException {
    leaving.settle();
  }

  /**
   * Gives a mirror up that holds most of the journal, unless it has become a primary meanwhile.
   *
   * @throws IOException if the node's own files fail; the mirror goes on then
   */
  synchronized void giveUp(Follower mirror) throws IOException {
    adoption.giveUp(mirror);
  }

  /** True if there is something to settle. */
  boolean isUnsettled() {
    return leaving.isUnsettled();
  }

  /**
   * Goes on with a follower's store as it is; fills it anew, if the follower was given up.
   *
   * @throws IOException if the node's own files fail; a follower that was given up still is then
   */
  synchronized void adopt(String name) throws IOException {
    adoption.adopt(name);
  }

  /** Ends all, when the node stops; they can be asked what they know even then. */
  synchronized void close() throws IOException {
    followers.close();
  }
}
