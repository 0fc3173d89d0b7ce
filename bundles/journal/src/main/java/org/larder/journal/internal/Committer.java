package org.larder.journal.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.larder.journal.JournalFailedException;
import org.larder.journal.NewFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes: it takes what is queued, writes it as a group, forces it, and tells
 * those who wait. It cannot be interrupted, since an interrupt would close its file.
 */
final class Committer extends Thread {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final int LINGER_DIVISOR = 4;

  private final AppendQueue queue;
  private final Arrivals arrivals;
  private final SegmentWriter writer;
  private final Meter meter;
  private final Runnable published;
  private final List<Ticket> group = new ArrayList<>();
  private Ticket head;
  private Ticket tail;
  private int frameIndex;
  private long nextSequence;

  Committer(
      AppendQueue queue, Arrivals arrivals, SegmentWriter writer, Meter meter, Runnable published) {
    super("journal-committer");
    setDaemon(true);
    this.queue = queue;
    this.arrivals = arrivals;
    this.writer = writer;
    this.meter = meter;
    this.published = published;
  }

  @Override
  public void interrupt() {
    LOG.warn("Somebody tried to interrupt the journal's committer; it goes on");
  }

  @Override
  public void run() {
    try {
      while (awaitWork()) {
        arrivals.linger(meter.nanosMean() / LINGER_DIVISOR);
        takeQueued();
        commit();
      }
    } catch (RuntimeException | Error e) {
      LOG.error("The journal's committer has stopped; nothing is written until a restart", e);
      stopped(new IOException("the committer has stopped: " + e, e));
    } finally {
      writer.close();
    }
  }

  private boolean awaitWork() {
    while (head == null) {
      takeQueued();
      if (head == null) {
        if (queue.isClosed()) {
          takeQueued();
          return head != null;
        }
        LockSupport.park(this);
      }
    }
    return true;
  }

  private void takeQueued() {
    Ticket taken = queue.takeAll(this);
    if (taken == null) {
      return;
    }
    if (head == null) {
      head = taken;
    } else {
      tail.next(taken);
    }
    tail = taken;
    while (tail.next() != null) {
      tail = tail.next();
    }
  }

  private void commit() {
    group.clear();
    long cost = 0;
    long frames = 0;
    long items = 0;
    long bytes = 0;
    try {
      writer.begin(head.frame(frameIndex), frameSequence());
      while (head != null) {
        NewFrame frame = head.frame(frameIndex);
        if (!writer.fits(frame)) {
          break;
        }
        long sequence = frameSequence();
        writer.add(frame, head.checksum(frameIndex), sequence);
        nextSequence = sequence + frame.count();
        cost += AppendQueue.costOf(frame);
        frames++;
        items += frame.count();
        bytes += frame.length();
        advance();
      }
      long nanos = writer.commit();
      meter.forced(nanos);
      meter.synced(frames, items, bytes);
    } catch (IOException e) {
      fail(e, cost);
      return;
    }
    queue.settled(cost, group.size(), writer.rest());
    published.run();
    for (Ticket ticket : group) {
      ticket.settle(null);
    }
  }

  private long frameSequence() {
    return frameIndex == 0 ? head.firstSequence() : nextSequence;
  }

  /** Steps to the next frame; a ticket whose last frame is in belongs to this group. */
  private void advance() {
    if (++frameIndex == head.frameCount()) {
      Ticket done = head;
      head = done.next();
      group.add(done);
      frameIndex = 0;
      if (head == null) {
        tail = null;
      }
    }
  }

  /** Fails every ticket with a frame in the group, and the rest of the one it ended in. */
  private void fail(IOException cause, long costSoFar) {
    long cost = costSoFar;
    if (group.isEmpty() || frameIndex > 0) {
      int left = head.frameCount() - frameIndex;
      for (int i = 0; i < left; i++) {
        cost += AppendQueue.costOf(head.frame(frameIndex));
        advance();
      }
    }
    writer.abandon();
    meter.failed();
    boolean diskFull = writer.isNoSpace(cause);
    LOG.error(
        "A group of the journal could not be made durable; {} appends have failed, the next go to"
            + " another segment. See to the disk",
        group.size(),
        cause);
    queue.settled(cost, group.size(), writer.rest());
    JournalFailedException failure =
        new JournalFailedException("the frames could not be made durable", diskFull, cause);
    for (Ticket ticket : group) {
      ticket.settle(failure);
    }
  }

  private void stopped(IOException cause) {
    queue.broken(cause);
    takeQueued();
    JournalFailedException failure =
        new JournalFailedException("the journal has stopped writing", false, cause);
    for (Ticket ticket : group) {
      ticket.settle(failure);
    }
    while (head != null) {
      Ticket ticket = head;
      head = ticket.next();
      ticket.settle(failure);
    }
  }
}
