package org.larder.buffer.internal;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.buffer.internal.migrate.Premises;
import org.larder.buffer.internal.migrate.Side;
import org.larder.storage.model.CollectionSchema;

/** The node as migrations see it. Free for any thread. */
final class NodePremises implements Premises {
  private final Surroundings node;
  private final Routing routing;
  private final RouteChanges changes;

  /** How routes are changed: as an operator changes them. */
  interface RouteChanges {
    /** Changes the routes there are; a backend may be named that is filled where it joins. */
    void take(UnaryOperator<RouteTable> change, String filled);
  }

  NodePremises(Surroundings node, Routing routing, RouteChanges changes) {
    this.node = node;
    this.routing = routing;
    this.changes = changes;
  }

  @Override
  public RouteTable routes() {
    return routing.table();
  }

  @Override
  public Optional<CollectionSchema> collection(String name) {
    return node.catalogue().newest(name);
  }

  @Override
  public List<CollectionSchema> collectionsOf(String routed) {
    RouteTable table = routes();
    return node.catalogue().newest().stream()
        .filter(
            schema ->
                routed.equals(Route.ALL)
                    ? !table.routes().containsKey(schema.name())
                    : schema.name().equals(routed))
        .toList();
  }

  @Override
  public void changeRoutes(UnaryOperator<RouteTable> change, String filled) {
    changes.take(change, filled);
  }

  @Override
  public String readFrom(String collection) {
    return routing.primaryOf(collection).name();
  }

  @Override
  public Side side(String backend) {
    return new FollowedSide(backend, node, routing);
  }

  @Override
  public long syncedEnd() {
    return node.journal().syncedEnd(0);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Clock clock() {
    return node.clock();
  }
}
