package org.larder.journal.internal;

import java.io.IOException;
import org.larder.journal.JournalFailedException;
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
  private final Filler filler;
  private final SegmentWriter writer;
  private final Meter meter;
  private final Runnable published;
  private PendingGroup group;

  Committer(
      AppendQueue queue,
      Arrivals arrivals,
      Filler filler,
      SegmentWriter writer,
      Meter meter,
      Runnable published) {
    super("journal-committer");
    setDaemon(true);
    this.queue = queue;
    this.arrivals = arrivals;
    this.filler = filler;
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
    while (!filler.hasWork(this)) {
      if (queue.isClosed()) {
        return filler.hasWork(this);
      }
      queue.sleep();
    }
    return true;
  }

  private void commit() {
    group = null;
    try {
      group = filler.next();
      meter.forced(writer.commit(group.buffer()));
    } catch (IOException e) {
      fail(e);
      return;
    }
    filler.forced();
    meter.synced(group.frames(), group.items(), group.bytes());
    queue.settled(group.cost(), group.tickets().size(), writer.rest());
    published.run();
    settle(null);
  }

  private void fail(IOException cause) {
    if (group == null) {
      group = filler.unbegun();
    }
    filler.startOver(group);
    writer.abandon();
    meter.failed();
    LOG.error(
        "A group of the journal could not be made durable; {} appends have failed, the next go to"
            + " another segment. See to the disk",
        group.tickets().size(),
        cause);
    queue.settled(group.cost(), group.tickets().size(), writer.rest());
    settle(
        new JournalFailedException(
            "the frames could not be made durable", writer.isNoSpace(cause), cause));
  }

  private void settle(JournalFailedException failure) {
    for (Ticket ticket : group.tickets()) {
      ticket.settle(failure);
    }
    group.clear();
  }

  private void stopped(IOException cause) {
    queue.broken(cause);
    JournalFailedException failure =
        new JournalFailedException("the journal has stopped writing", false, cause);
    if (group != null) {
      settle(failure);
    }
    Ticket ticket = filler.abandon();
    while (ticket != null) {
      Ticket next = ticket.next();
      ticket.settle(failure);
      ticket = next;
    }
  }
}
