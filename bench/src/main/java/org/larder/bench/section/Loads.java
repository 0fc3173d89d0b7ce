package org.larder.bench.section;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
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
    return run(node, requests, connections, Pace.closedLoop(), duration);
  }

  /** Requests at that pace, for that long. */
  static LoadResult run(
      Node node, TaskRequests requests, int connections, Pace pace, Duration duration)
      throws IOException {
    try (LoadLoop loop = new LoadLoop(node.port(), connections, requests)) {
      return loop.run(pace, duration, LoadLoop.UNLIMITED).orFail();
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
    return warmUp(node, keys, shape, any -> Pace.closedLoop(), duration);
  }

  /** The same at the pace that is given for each shape. */
  static long warmUp(
      Node node, KeySequence keys, Shape shape, Function<Shape, Pace> pace, Duration duration)
      throws IOException {
    Duration quarter = duration.dividedBy(4);
    long next = warmUp(node, keys, 0, Shape.WARM_UP, pace.apply(Shape.WARM_UP), quarter);
    return warmUp(node, keys, next, shape, pace.apply(shape), quarter.multipliedBy(3));
  }

  private static long warmUp(
      Node node, KeySequence keys, long first, Shape shape, Pace pace, Duration duration)
      throws IOException {
    TaskRequests requests = new TaskRequests(shape.items(), shape.connections(), keys, first);
    run(node, requests, shape.connections(), pace, duration);
    return (requests.end() + WHOLE_SESSION - 1) / WHOLE_SESSION * WHOLE_SESSION;
  }
}
