package org.larder.journal.internal;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.larder.journal.JournalFailedException;
import org.larder.journal.JournalFullException;

/**
 * Where appending threads meet the committer: sequences are given and tickets are queued under one
 * lock, which also guards the ledger of space.
 */
public final class AppendQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final SpaceLedger space;
  private final int maxPayloadBytes;
  private final long maxBytes;
  private Ticket head;
  private Ticket tail;
  private volatile long nextSequence;
  private long waiting;
  private long queuedBytes;
  private volatile Thread idleCommitter;
  private boolean closed;
  private IOException brokenBy;
  private IOException allocationFailure;
  private boolean diskFull;

  AppendQueue(SpaceLedger space, long maxBytes, int maxPayloadBytes, long nextSequence) {
    this.space = space;
    this.maxBytes = maxBytes;
    this.maxPayloadBytes = maxPayloadBytes;
    this.nextSequence = nextSequence;
  }

  long nextSequence() {
    return nextSequence;
  }

  long waiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Queues the ticket and gives it its sequences, or refuses it whole.
   *
   * @return bytes that are queued now
   */
  long add(Ticket ticket) throws JournalFullException, JournalFailedException {
    long cost = 0;
    long largest = 0;
    for (int i = 0; i < ticket.frameCount(); i++) {
      long one = Layout.costOfFrame(ticket.frame(i).length());
      cost += one;
      largest = Math.max(largest, one);
    }
    long queued;
    Thread sleeper;
    lock.lock();
    try {
      check(cost, largest);
      space.take(cost, largest);
      ticket.sequencedAt(nextSequence);
      nextSequence = ticket.endSequence();
      waiting++;
      if (head == null) {
        head = ticket;
      } else {
        tail.next(ticket);
      }
      tail = ticket;
      queuedBytes += cost;
      queued = queuedBytes;
      sleeper = rouse();
    } finally {
      lock.unlock();
    }
    if (sleeper != null) {
      LockSupport.unpark(sleeper);
    }
    return queued;
  }

  /** Under the lock: whom to unpark after it, if anyone. */
  private Thread rouse() {
    Thread sleeper = idleCommitter;
    if (sleeper != null) {
      idleCommitter = null;
    }
    return sleeper;
  }

  private void check(long cost, long largest) throws JournalFullException, JournalFailedException {
    if (brokenBy != null) {
      throw new JournalFailedException("the journal has stopped writing", false, brokenBy);
    }
    if (closed) {
      throw new JournalFailedException("the journal is closed", false, null);
    }
    if (space.fits(cost, largest, allocationFailure == null)) {
      return;
    }
    if (allocationFailure != null && space.fits(cost, largest, true)) {
      throw new JournalFailedException(
          diskFull ? "the disk has no space for another segment" : "no segment could be made",
          diskFull,
          allocationFailure);
    }
    throw new JournalFullException("the journal has reached its bound of " + maxBytes + " bytes");
  }

  /** All that is queued, in order; null when there is nothing. */
  Ticket takeAll() {
    lock.lock();
    try {
      Ticket all = head;
      head = null;
      tail = null;
      queuedBytes = 0;
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** The same; when there is nothing, the next one to append ends the committer's sleep. */
  Ticket takeAllOrSleep(Thread committer) {
    lock.lock();
    try {
      Ticket all = takeAll();
      idleCommitter = all == null && !closed ? committer : null;
      return all;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The committer's, when there was nothing: sleeps until something is queued or the queue is
   * closed, also when that was before. A thread that has to wait for a lock uses up the wake-up
   * meant for its park, so what counts is the field, and no lock may come between it and the park.
   */
  void sleep() {
    while (idleCommitter != null) {
      LockSupport.park(this);
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more; what is queued is still written. */
  void close() {
    Thread sleeper;
    lock.lock();
    try {
      closed = true;
      sleeper = rouse();
    } finally {
      lock.unlock();
    }
    if (sleeper != null) {
      LockSupport.unpark(sleeper);
    }
  }

  void broken(IOException cause) {
    lock.lock();
    try {
      brokenBy = cause;
    } finally {
      lock.unlock();
    }
  }

  /** A group has been settled: its frames are no more under way. */
  void settled(long cost, long tickets, long activeRest) {
    lock.lock();
    try {
      space.settle(cost);
      space.activeRest(activeRest);
      waiting -= tickets;
    } finally {
      lock.unlock();
    }
  }

  boolean claimSegment() {
    lock.lock();
    try {
      return space.claimSegment();
    } finally {
      lock.unlock();
    }
  }

  void claimFailed(IOException cause, boolean noSpace) {
    lock.lock();
    try {
      space.claimFailed();
      allocationFailure = cause;
      diskFull = noSpace;
    } finally {
      lock.unlock();
    }
  }

  void claimWorked() {
    lock.lock();
    try {
      allocationFailure = null;
    } finally {
      lock.unlock();
    }
  }

  void spareUsed() {
    lock.lock();
    try {
      space.spareUsed();
    } finally {
      lock.unlock();
    }
  }

  void deleted(long bytes) {
    lock.lock();
    try {
      space.deleted(bytes);
    } finally {
      lock.unlock();
    }
  }

  long fileBytes() {
    lock.lock();
    try {
      return space.fileBytes();
    } finally {
      lock.unlock();
    }
  }

  int maxPayloadBytes() {
    return maxPayloadBytes;
  }
}
