package org.larder.journal.internal;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.larder.journal.NewFrame;

/**
 * Lays queued tickets out into groups, in two buffers by turns. Whoever holds its lock fills: the
 * committer, or, while that one waits for a force, an appending thread that finds enough queued and
 * the lock free.
 */
final class Filler {
  private final ReentrantLock lock = new ReentrantLock();
  private final AppendQueue queue;
  private final SegmentWriter writer;
  private PendingGroup filling;
  private PendingGroup other;
  private Ticket head;
  private Ticket tail;
  private int frameIndex;
  private long nextSequence;
  private boolean forcing;

  Filler(AppendQueue queue, SegmentWriter writer, PendingGroup filling, PendingGroup other) {
    this.queue = queue;
    this.writer = writer;
    this.filling = filling;
    this.other = other;
  }

  /** The committer's: whether there is something to write; if not, it may sleep at the queue. */
  boolean hasWork(Thread committer) {
    lock.lock();
    try {
      if (!filling.begun() && head == null) {
        link(queue.takeAllOrSleep(committer));
      }
      return filling.begun() || head != null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The committer's: the next group, as full as it gets. From here until {@link #forced} or {@link
   * #startOver} others may fill the one after it.
   *
   * @throws IOException when there is no segment to put it in
   */
  PendingGroup next() throws IOException {
    lock.lock();
    try {
      link(queue.takeAll());
      if (!filling.begun()) {
        writer.begin(filling.buffer(), head.frame(frameIndex), frameSequence());
      }
      fill();
      PendingGroup full = filling;
      filling = other;
      other = full;
      forcing = true;
      return full;
    } finally {
      lock.unlock();
    }
  }

  /** The committer's: the group that could not begin. */
  PendingGroup unbegun() {
    return other;
  }

  /** Any thread's: fills the next group if the committer is busy and nobody else does. */
  void assist() {
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (!forcing) {
        return;
      }
      link(queue.takeAll());
      if (!filling.begun()
          && (head == null
              || !writer.beginAfter(other.buffer(), filling.buffer(), head.frame(frameIndex)))) {
        return;
      }
      fill();
    } finally {
      lock.unlock();
    }
  }

  /** The committer's: the group it took is durable. */
  void forced() {
    lock.lock();
    try {
      forcing = false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The committer's: the group it took, or was about to take, has failed. What was laid out behind
   * it is to be laid out again, in another segment; the rest of a ticket that was partly in the
   * failed group, or of the one that could not begin, goes with it.
   */
  void startOver(PendingGroup failed) {
    lock.lock();
    try {
      forcing = false;
      if (filling.begun()) {
        head = filling.firstTicket();
        frameIndex = filling.firstFrame();
        filling.clear();
      }
      if (!failed.begun() || frameIndex > 0) {
        Ticket rest = head;
        while (head == rest) {
          failed.giveUp(rest, frameIndex);
          advance();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void fill() {
    while (head != null) {
      NewFrame frame = head.frame(frameIndex);
      if (!filling.buffer().fits(frame)) {
        return;
      }
      long sequence = frameSequence();
      filling.add(head, frameIndex, sequence);
      nextSequence = sequence + frame.count();
      advance();
    }
  }

  private long frameSequence() {
    return frameIndex == 0 ? head.firstSequence() : nextSequence;
  }

  private void advance() {
    if (++frameIndex == head.frameCount()) {
      head = head.next();
      frameIndex = 0;
    }
  }

  private void link(Ticket taken) {
    if (taken == null) {
      return;
    }
    if (head != null || filling.begun()) {
      tail.next(taken);
    }
    if (head == null) {
      head = taken;
    }
    tail = taken;
    while (tail.next() != null) {
      tail = tail.next();
    }
  }

  /** Everything that is still to be settled, when nothing will be written any more. */
  Ticket abandon() {
    lock.lock();
    try {
      forcing = false;
      link(queue.takeAll());
      Ticket first = filling.begun() ? filling.firstTicket() : head;
      filling.clear();
      head = null;
      return first;
    } finally {
      lock.unlock();
    }
  }
}
