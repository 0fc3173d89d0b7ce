package org.larder.bench.section;

import java.io.IOException;
import java.time.Duration;
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
  private static final int WARM_CONNECTIONS = 8;

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
   * Lets the node's compiler see what is coming: batches of both kinds.
   *
   * @return the number after the last item sent, a multiple of 1,000
   */
  static long warmUp(Node node, KeySequence keys, Duration duration) throws IOException {
    long next = 0;
    for (int items : new int[] {1, 100, 1_000}) {
      TaskRequests requests = new TaskRequests(items, WARM_CONNECTIONS, keys, next);
      closedLoop(node, requests, WARM_CONNECTIONS, duration.dividedBy(3));
      next = (requests.end() + 999) / 1_000 * 1_000;
    }
    return next;
  }
}
