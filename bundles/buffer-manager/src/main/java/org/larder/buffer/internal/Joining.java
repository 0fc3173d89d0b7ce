package org.larder.buffer.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.larder.buffer.RouteTable;
import org.larder.buffer.internal.Coverage.Extent;
import org.larder.buffer.internal.Coverage.Place;
import org.larder.buffer.internal.Coverage.State;

/**
 * The followers that one change begins: what may fail comes before they are known to anybody, and
 * can be undone. Without a lock, for one change; called under the monitor of {@link Rerouting}.
 */
final class Joining {
  private final Surroundings node;
  private final Routing routing;
  private final Map<String, DeadLetterLog> letters = new HashMap<>();

  Joining(Surroundings node, Routing routing) {
    this.node = node;
    this.routing = routing;
  }

  /**
   * Does what may fail before followers can start; nothing else notices.
   *
   * @param filled a backend that is filled from the primary where it joins; empty for none
   * @throws IOException if the node's own files fail; to be undone then
   */
  void prepare(RouteTable wanted, String filled) throws IOException {
    for (String name : wanted.backends()) {
      if (routing.followers().find(name).isEmpty()) {
        open(name);
        if (!node.coverage().isStale(name) && !node.journal().retained().containsKey(name)) {
          long first = node.journal().start(0);
          node.journal().retain(name, name.equals(filled) ? leastKept() : first);
        }
      }
    }
  }

  /**
   * The same for one that was given up. What is noted comes last: until then it is one that was
   * given up.
   *
   * @throws IOException if the node's own files fail; to be undone then
   */
  void prepareAnew(String name) throws IOException {
    open(name);
    Map<Place, State> news = new HashMap<>();
    for (String collection : node.coverage().in(Extent.STALE, name)) {
      news.put(new Place(name, collection), State.UNSEEDED);
    }
    node.journal().retain(name, leastKept());
    node.coverage().note(news, place -> false);
  }

  private void open(String name) throws IOException {
    letters.put(
        name,
        DeadLetterLog.open(
            node.folder().resolve("dead-letters-" + name),
            name,
            node.journal().id(),
            node.catalogue()));
  }

  /** For a store that is filled, what the others need is enough: all before it is copied. */
  private long leastKept() {
    return node.journal().retained().values().stream()
        .mapToLong(Long::longValue)
        .min()
        .orElse(node.journal().start(0));
  }

  /** Closes what was opened; the journal is let go of by whoever calls. */
  void undo(Exception failure) {
    for (DeadLetterLog log : letters.values()) {
      try {
        log.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }

  /** Makes the followers known; whoever appends waits from here on until they are started. */
  List<Follower> add() {
    List<Follower> added = new ArrayList<>();
    letters.forEach((name, log) -> added.add(new Follower(name, node, log, routing)));
    added.forEach(routing.followers()::add);
    return added;
  }
}
