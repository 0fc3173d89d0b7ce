package org.larder.buffer.internal;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.larder.buffer.RouteTable;
import org.larder.buffer.internal.Coverage.Place;
import org.larder.buffer.internal.Routing.Move;
import org.larder.storage.model.CollectionSchema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of the journal and of followers that no route needs any more. Without a lock; called
 * under the monitor of {@link Rerouting}, save for {@link #isUnsettled}, which any thread may ask.
 */
final class Leaving {
  private static final Logger LOG = LoggerFactory.getLogger(Leaving.class);

  private final Surroundings node;
  private final Routing routing;
  private final Followers followers;
  private volatile boolean unsettled;

  Leaving(Surroundings node, Routing routing) {
    this.node = node;
    this.routing = routing;
    followers = routing.followers();
  }

  /** The node starts: lets go of the journal, unless a primary is in doubt. */
  void begin() throws IOException {
    unsettled = isPrimaryInDoubt();
    releaseAllBut(routing.table());
    fillTaken();
  }

  /** A primary that lacked something is a mirror now, like any that has to be filled. */
  private void fillTaken() throws IOException {
    node.coverage().fillTaken(place -> routing.mirrors(place.collection(), place.follower()));
  }

  /** True if there is something to settle. */
  boolean isUnsettled() {
    return unsettled || !routing.moves().isEmpty();
  }

  /** Ends the moves that are done, and lets go of followers that nothing leads to any more. */
  void settle() throws IOException {
    unsettled = true;
    Map<String, Move> left = new HashMap<>(routing.moves());
    // Each is looked at once: the moves that one of them ends have to end together.
    Map<String, Long> reached = new HashMap<>();
    followers.list().forEach(each -> reached.put(each.name(), each.progress().reached()));
    left.entrySet()
        .removeIf(
            move ->
                routing.isDone(
                    move.getValue(),
                    reached.get(routing.table().routeOf(move.getKey()).primary()),
                    move.getKey()));
    if (left.size() < routing.moves().size()) {
      routing.move(left);
      forgetPending();
      followers.list().forEach(Follower::reconsider);
    }
    for (Follower follower : followers.list()) {
      if (!routing.isNamed(follower.name())) {
        end(follower);
      }
    }
    releaseAllBut(routing.table());
    node.coverage().note(Map.of(), this::isLedNoMore);
    fillTaken();
    unsettled = isPrimaryInDoubt();
  }

  /** Ends one; what it refuses up to its end counts. */
  private void end(Follower follower) throws IOException {
    followers.remove(follower);
    try {
      forgetWhatItRefused(follower);
    } catch (IOException e) {
      // It goes on until that can be noted.
      Follower again = new Follower(follower.name(), node, follower.deadLetters(), routing);
      followers.add(again);
      again.start();
      throw e;
    }
    follower.close();
  }

  /** Nobody looks at its letters from now on: if it comes back it is filled with all of these. */
  private void forgetWhatItRefused(Follower follower) throws IOException {
    Set<String> lacking =
        follower.deadLetters().letters().stream()
            .map(letter -> letter.row().schema().name())
            .collect(Collectors.toSet());
    node.coverage()
        .note(
            Map.of(),
            place ->
                place.follower().equals(follower.name()) && lacking.contains(place.collection()));
  }

  /** Lets go of the journal for whoever these do not name, unless the old routes may come back. */
  void releaseAllBut(RouteTable wanted) throws IOException {
    if (isPrimaryInDoubt()) {
      return;
    }
    for (String former : node.journal().retained().keySet()) {
      if (!wanted.backends().contains(former) && !routing.isMovedFrom(former)) {
        LOG.warn("The journal is not kept for {} any more: no route names it", former);
        node.journal().release(former);
      }
    }
  }

  /**
   * True if a primary halts until somebody takes it as it is: it was never filled, or is an
   * archive. The old routes may come back then.
   */
  private boolean isPrimaryInDoubt() {
    return node.catalogue().newest().stream()
        .map(CollectionSchema::name)
        .anyMatch(
            collection ->
                !node.coverage()
                    .isCopied(routing.table().routeOf(collection).primary(), collection));
  }

  /** What was read for a follower so far lacks what it was not led then. */
  void forgetPending() {
    for (Follower follower : followers.list()) {
      try {
        follower.index().reset();
      } catch (IOException e) {
        LOG.warn("A reader of the journal, for {}, cannot be closed", follower.name(), e);
      }
    }
  }

  /** What a follower passes over it has not got in full; also one that a move alone still needs. */
  boolean isLedNoMore(Place place) {
    return routing.isNamed(place.follower())
        && !routing.leads(place.collection(), place.follower());
  }
}
