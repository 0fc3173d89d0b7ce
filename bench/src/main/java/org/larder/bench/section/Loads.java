package org.larder.bench.section;

import java.io.IOException;
import java.time.Duration;
import org.larder.bench.load.Item;
import org.larder.bench.load.KeySequence;
import org.larder.bench.load.LoadLoop;
import org.larder.bench.load.LoadResult;
import org.larder.bench.load.Pace;
import org.larder.bench.load.TaskRequests;
import org.larder.bench.node.Node;

/** Loads that several sections put on a node. */
final class Loads {
  private static final Duration FILL_TIMEOUT = Duration.ofMinutes(20);
  private static final int FILL_ITEMS = 1_000;
  private static final int FILL_CONNECTIONS = 4;
  private static final int WHOLE_SESSION = Item.SESSION_TASKS;

  private Loads() {}

  /** As fast as the node takes it, for that long. */
  static LoadResult closedLoop(Node node, TaskRequests requests, int connections, Duration duration)
      throws IOException {
    try (LoadLoop loop = new LoadLoop(node.port(), connections, requests)) {
      return loop.run(Pace.closedLoop(), duration, LoadLoop.UNLIMITED).orFail();
    }
  }

  /** Tasks from number 0 on, until there are so many; all acknowledged. */
  static void fill(Node node, KeySequence keys, long rows) throws IOException {
    TaskRequests requests = new TaskRequests(FILL_ITEMS, FILL_CONNECTIONS, keys, 0);
    try (LoadLoop loop = new LoadLoop(node.port(), FILL_CONNECTIONS, requests)) {
      long items = loop.run(Pace.closedLoop(), FILL_TIMEOUT, rows).orFail().items();
      if (items < rows) {
        throw new IOException("only " + items + " of " + rows + " tasks were taken in time");
      }
    }
  }

  /**
   * Lets the node's compiler see what is coming: a little of batches, then the very shape.
   *
   * @return the number after the last item sent, a multiple of 1,000
   */
  static long warmUp(Node node, KeySequence keys, Shape shape, Duration duration)
      throws IOException {
    long next = warmUp(node, keys, 0, Shape.WARM_UP, duration.dividedBy(4));
    return warmUp(node, keys, next, shape, duration.multipliedBy(3).dividedBy(4));
  }

  private static long warmUp(
      Node node, KeySequence keys, long first, Shape shape, Duration duration) throws IOException {
    TaskRequests requests = new TaskRequests(shape.items(), shape.connections(), keys, first);
    closedLoop(node, requests, shape.connections(), duration);
    return (requests.end() + WHOLE_SESSION - 1) / WHOLE_SESSION * WHOLE_SESSION;
  }
}
