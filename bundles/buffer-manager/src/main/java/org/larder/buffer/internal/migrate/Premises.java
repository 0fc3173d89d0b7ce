package org.larder.buffer.internal.migrate;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.storage.model.CollectionSchema;

/** What a migration needs of the node that it runs in. Free for any thread. */
public interface Premises {
  /** The routes as they are configured. */
  RouteTable routes();

  /** The collection of that name, in its newest version. */
  Optional<CollectionSchema> collection(String name);

  /**
   * The known collections that are meant by the name of a route: one, or with {@link Route#ALL} all
   * without a route of their own.
   */
  List<CollectionSchema> collectionsOf(String routed);

  /**
   * Changes routes as an operator would. Nobody else changes them meanwhile.
   *
   * @param change makes new routes of those there are; the same if nothing is to be changed
   * @param filled a backend that is filled from the primary if it joins, even if the journal has
   *     all that it needs; empty for none
   * @throws org.larder.buffer.RouteRefusedException if they cannot be; nothing has changed then
   */
  void changeRoutes(UnaryOperator<RouteTable> change, String filled);

  /** The backend that a collection is read from now. */
  String readFrom(String collection);

  /** A backend as migrations see it, whether it is there or not. */
  Side side(String backend);

  /** The sequence behind the last that is safe on the disk. */
  long syncedEnd();

  /** A clock that nobody sets, for how long something takes; in nanoseconds. */
  long nanoTime();

  /** The node's clock. */
  Clock clock();
}
