package org.larder.buffer.internal;

import java.util.Locale;
import java.util.Optional;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.Route;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteTable;
import org.larder.buffer.internal.Coverage.State;
import org.larder.storage.model.CollectionSchema;

/** Says whether other routes can be taken, and what their stores lack. For one change. */
final class RouteCheck {
  private final Surroundings node;
  private final Routing routing;

  RouteCheck(Surroundings node, Routing routing) {
    this.node = node;
    this.routing = routing;
  }

  /**
   * Looks whether all that is named is there, and every new primary has what the old one has, and
   * no more.
   *
   * @throws RouteRefusedException if not
   */
  void check(RouteTable wanted) {
    for (Route route : wanted.inOrder()) {
      boolean known =
          route.collection().equals(Route.ALL)
              || node.catalogue().newest(route.collection()).isPresent();
      if (!known) {
        throw new RouteRefusedException(
            "COLLECTION_UNKNOWN", "There is no collection " + route.collection());
      }
    }
    for (String backend : wanted.backends()) {
      boolean there =
          routing.table().backends().contains(backend) || node.backends().find(backend).isPresent();
      if (!there) {
        throw new RouteRefusedException(
            "BACKEND_UNKNOWN", "There is no backend " + backend + "; configure it first");
      }
    }
    for (CollectionSchema schema : node.catalogue().newest()) {
      String primary = wanted.routeOf(schema.name()).primary();
      String former = routing.table().routeOf(schema.name()).primary();
      if (primary.equals(former)) {
        continue;
      }
      checkArchive(primary, schema.name());
      checkLetters(primary, schema.name());
      checkFollows(primary, schema.name());
      if (!isReady(primary, schema.name())) {
        throw new RouteRefusedException(
            "NOT_SEEDED",
            primary
                + " has not got all of "
                + schema.name()
                + "; make it a mirror of "
                + former
                + " first, and swap when it is live");
      }
    }
  }

  /** What an archive has kept would be there again for whoever reads the primary. */
  private void checkArchive(String backend, String collection) {
    RouteTable.Deletes deletes = routing.table().mirror(backend).deletes();
    boolean keeps =
        deletes != RouteTable.Deletes.ALL
            && routing.leads(collection, backend)
            && !routing.primaryOf(collection).name().equals(backend);
    if (keeps) {
      throw new RouteRefusedException(
          "ROUTE_INVALID",
          backend
              + " is an archive (apply_deletes."
              + backend
              + " = "
              + deletes.name().toLowerCase(Locale.ROOT)
              + "): it may have records of "
              + collection
              + " that were deleted, and they would be read again; make another mirror the"
              + " primary");
    }
    if (routing.leads(collection, backend) && node.coverage().hasSurplus(backend, collection)) {
      throw new RouteRefusedException(
          "ROUTE_INVALID",
          backend
              + " was an archive: it may have records of "
              + collection
              + " that were deleted, and they would be read again; take it off the route and make"
              + " it a mirror again with larder:route, which fills it anew, and swap when it is"
              + " live");
    }
  }

  /** What a store has refused would be missed by whoever reads it. */
  private void checkLetters(String backend, String collection) {
    boolean refused =
        routing.followers().find(backend).stream()
            .flatMap(follower -> follower.deadLetters().letters().stream())
            .anyMatch(letter -> letter.row().schema().name().equals(collection));
    if (refused) {
      throw new RouteRefusedException(
          "NOT_SEEDED",
          backend
              + " has dead letters of "
              + collection
              + ", which it would lack as the primary; replay or discard them first, see larder:dead");
    }
  }

  /** What is noted of a store holds for the one that was met last; this may be another. */
  private void checkFollows(String backend, String collection) {
    routing
        .followers()
        .find(backend)
        .map(follower -> follower.figures().condition())
        .filter(condition -> condition.state() == FollowerStatus.State.HALTED)
        .ifPresent(
            condition -> {
              throw new RouteRefusedException(
                  "NOT_SEEDED",
                  backend
                      + " has halted, and may not have all of "
                      + collection
                      + ": see to that first: "
                      + condition.code()
                      + ": "
                      + condition.message());
            });
  }

  private boolean isReady(String backend, String collection) {
    if (!routing.leads(collection, backend)) {
      long kept = node.journal().retained().getOrDefault(backend, -1L);
      return joining(backend, collection)
          .map(state -> state.equals(State.FULL))
          .orElseGet(() -> node.coverage().isFull(backend, collection, kept));
    }
    long reached = routing.follower(backend).progress().reached();
    boolean lacking =
        node.coverage().isTaken(backend, collection) && routing.mirrors(collection, backend);
    return !lacking && node.coverage().isFull(backend, collection, reached);
  }

  /**
   * What a store has of a collection that was not led to it before.
   *
   * @return empty if what is noted of it holds
   */
  Optional<State> joining(String backend, String collection) {
    boolean follows = routing.followers().find(backend).isPresent();
    boolean fromTheBeginning = node.journal().start(0) == 0 && !node.memory().hasForeign();
    if (follows || !(fromTheBeginning || node.journal().retained().containsKey(backend))) {
      return Optional.of(State.UNSEEDED);
    }
    if (node.coverage().isCopied(backend, collection)
        && !node.coverage().isTaken(backend, collection)) {
      return Optional.empty();
    }
    if (fromTheBeginning && node.memory().storeOf(backend).isEmpty()) {
      // Whatever it had before, everything after it is in the journal still.
      return Optional.of(State.FULL);
    }
    return Optional.of(State.UNSEEDED);
  }
}
