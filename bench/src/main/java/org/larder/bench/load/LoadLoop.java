package org.larder.bench.load;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Drives all connections of a load from the one thread that calls it: on a machine that it shares
 * with the node, threads that wake each other would be measured as well.
 */
public final class LoadLoop implements Closeable {
  /** For loads that only the time ends. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final long REPLY_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LONGEST_WAIT_MS = 1_000;
  private static final long NAP_NANOS = 50_000;
  private static final long REFUSAL_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Selector selector;
  private final Requests requests;
  private final List<Lane> lanes = new ArrayList<>();
  private final Deque<Lane> idle = new ArrayDeque<>();
  private final ByteBuffer input = ByteBuffer.allocateDirect(64 * 1024);

  private int paused;
  private long lastCheckNanos;
  private Histogram latencies = new Histogram(3);
  private long items;
  private long answered;
  private long refused;
  private long failed;
  private String firstFailure = "";

  /** Connects to a node on this machine. */
  public LoadLoop(int port, int connections, Requests requests) throws IOException {
    this.requests = requests;
    selector = Selector.open();
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      for (int i = 0; i < connections; i++) {
        lanes.add(new Lane(i, address, selector));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts requests for that long, or until so many items are under way or acknowledged, and waits
   * for their replies. Ends early when the node is gone; that shows as failures.
   */
  public LoadResult run(Pace pace, Duration duration, long maxItems) throws IOException {
    clear();
    long begin = System.nanoTime();
    long end = begin + duration.toNanos();
    long mostRequests = (maxItems - 1) / requests.items() + 1;
    long begun = 0;
    while (true) {
      long now = System.nanoTime();
      boolean open = begun < mostRequests && pace.due(now) < end && !lanes.isEmpty();
      while (open && !idle.isEmpty() && pace.due(now) <= now) {
        Lane lane = idle.poll();
        // The request is made ready before the clock runs.
        lane.begin(requests.next(lane.number), pace.take());
        begun++;
        progress(lane);
        open = begun < mostRequests && pace.due(now) < end;
      }
      if (!open && idle.size() == lanes.size()) {
        break;
      }
      resumeRefused(System.nanoTime(), end);
      await(open && !idle.isEmpty() ? pace.due(now) : Long.MAX_VALUE);
    }
    Duration taken = Duration.ofNanos(System.nanoTime() - begin);
    return new LoadResult(items, answered, refused, failed, firstFailure, taken, latencies);
  }

  private void clear() {
    latencies = new Histogram(3);
    items = 0;
    answered = 0;
    refused = 0;
    failed = 0;
    firstFailure = "";
    idle.clear();
    idle.addAll(lanes);
  }

  /** Sends again what was refused and has waited; gives it up when the time is over. */
  private void resumeRefused(long now, long end) {
    if (paused == 0) {
      return;
    }
    for (int i = lanes.size() - 1; i >= 0; i--) {
      Lane lane = lanes.get(i);
      if (lane.isPaused() && now >= end) {
        paused--;
        lane.giveUp();
        idle.add(lane);
      } else if (lane.isPaused() && lane.resumeNanos() <= now) {
        paused--;
        lane.again();
        progress(lane);
      }
    }
  }

  private void await(long due) throws IOException {
    long now = System.nanoTime();
    long until = paused == 0 ? due : Math.min(due, now + REFUSAL_CHECK_NANOS);
    long waitNanos = until == Long.MAX_VALUE ? Long.MAX_VALUE : until - now;
    if (waitNanos >= TimeUnit.MILLISECONDS.toNanos(1)) {
      selector.select(
          this::ready, Math.min(LONGEST_WAIT_MS, TimeUnit.NANOSECONDS.toMillis(waitNanos)));
    } else if (selector.selectNow(this::ready) == 0 && waitNanos > 0) {
      LockSupport.parkNanos(Math.min(NAP_NANOS, waitNanos));
    }
    if (now - lastCheckNanos > LONGEST_WAIT_MS * 1_000_000) {
      lastCheckNanos = now;
      dropOverdue(now - REPLY_TIMEOUT_NANOS);
    }
  }

  private void dropOverdue(long latestStart) {
    for (int i = lanes.size() - 1; i >= 0; i--) {
      if (lanes.get(i).isOverdue(latestStart)) {
        lost(lanes.get(i), "no reply within 60 s");
      }
    }
  }

  private void ready(SelectionKey key) {
    progress((Lane) key.attachment());
  }

  private void progress(Lane lane) {
    try {
      if (lane.advance(input)) {
        settle(lane);
      }
    } catch (IOException e) {
      lost(lane, e.toString());
    }
  }

  private void settle(Lane lane) {
    long now = System.nanoTime();
    if (lane.isGood(requests)) {
      latencies.recordValue(Math.max(0, now - lane.intendedNanos()));
      items += requests.items();
      answered++;
      requests.accepted(lane.number);
      idle.add(lane);
    } else if (lane.status() == 503) {
      refused++;
      paused++;
      lane.pause(now);
    } else {
      fail(lane.describe());
      idle.add(lane);
    }
  }

  private void lost(Lane lane, String why) {
    fail(why);
    lanes.remove(lane);
    idle.remove(lane);
    lane.close();
  }

  private void fail(String why) {
    failed++;
    if (firstFailure.isEmpty()) {
      firstFailure = why;
    }
  }

  @Override
  public void close() throws IOException {
    lanes.forEach(Lane::close);
    selector.close();
  }
}
