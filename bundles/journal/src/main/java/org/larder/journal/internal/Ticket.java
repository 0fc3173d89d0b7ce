package org.larder.journal.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.larder.journal.Append;
import org.larder.journal.JournalFailedException;
import org.larder.journal.NewFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One append on its way. Its caller makes it, the queue's lock guards its sequences and its link,
 * the committer settles it, and any number of threads wait for that, each parked on its own.
 */
final class Ticket implements Append {
  private static final Logger LOG = LoggerFactory.getLogger(Ticket.class);
  private static final VarHandle WAITERS;
  private static final Waiter SETTLED = new Waiter(() -> {}, null);

  static {
    try {
      WAITERS = MethodHandles.lookup().findVarHandle(Ticket.class, "waiters", Waiter.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Waiter {
    private final Runnable action;
    private final Waiter next;

    Waiter(Runnable action, Waiter next) {
      this.action = action;
      this.next = next;
    }
  }

  private final int[] checksums;
  private final long itemCount;
  private NewFrame[] frames;
  private long firstSequence;
  private Ticket next;

  @SuppressWarnings("unused") // through the handle
  private volatile Waiter waiters;

  private volatile JournalFailedException failure;

  Ticket(List<NewFrame> given, int maxPayloadBytes) {
    frames = given.toArray(NewFrame[]::new);
    if (frames.length == 0) {
      throw new IllegalArgumentException("an append holds at least one frame");
    }
    checksums = new int[frames.length];
    CRC32C checksum = new CRC32C();
    long items = 0;
    for (int i = 0; i < frames.length; i++) {
      NewFrame frame = frames[i];
      if (frame.length() > maxPayloadBytes) {
        throw new IllegalArgumentException(
            "a payload of " + frame.length() + " bytes is over " + maxPayloadBytes);
      }
      checksum.reset();
      checksum.update(frame.payload(), frame.offset(), frame.length());
      checksums[i] = (int) checksum.getValue();
      items += frame.count();
    }
    itemCount = items;
  }

  int frameCount() {
    return checksums.length;
  }

  NewFrame frame(int index) {
    return frames[index];
  }

  int checksum(int index) {
    return checksums[index];
  }

  void sequencedAt(long sequence) {
    firstSequence = sequence;
  }

  Ticket next() {
    return next;
  }

  void next(Ticket ticket) {
    next = ticket;
  }

  @Override
  public long firstSequence() {
    return firstSequence;
  }

  @Override
  public long endSequence() {
    return firstSequence + itemCount;
  }

  @Override
  public boolean isSynced() {
    return waiters == SETTLED && failure == null;
  }

  @Override
  public Optional<JournalFailedException> failure() {
    return waiters == SETTLED ? Optional.ofNullable(failure) : Optional.empty();
  }

  @Override
  public void awaitSynced(Duration timeout)
      throws TimeoutException, JournalFailedException, InterruptedException {
    if (waiters != SETTLED) {
      park(timeout);
    }
    JournalFailedException cause = failure;
    if (cause != null) {
      throw new JournalFailedException(cause.getMessage(), cause.diskFull(), cause);
    }
  }

  private void park(Duration timeout) throws TimeoutException, InterruptedException {
    Thread thread = Thread.currentThread();
    onSettled(() -> LockSupport.unpark(thread));
    long deadline = System.nanoTime() + timeout.toNanos();
    while (waiters != SETTLED) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long rest = deadline - System.nanoTime();
      if (rest <= 0) {
        throw new TimeoutException(
            "not synced after " + timeout.toMillis() + " ms: sequence " + firstSequence);
      }
      LockSupport.parkNanos(this, rest);
    }
  }

  @Override
  public void onSettled(Runnable action) {
    Objects.requireNonNull(action, "action");
    Waiter first;
    do {
      first = waiters;
      if (first == SETTLED) {
        action.run();
        return;
      }
    } while (!WAITERS.compareAndSet(this, first, new Waiter(action, first)));
  }

  /** The committer's: settles it, with the cause when it failed, and tells those who wait. */
  void settle(JournalFailedException cause) {
    if (waiters == SETTLED) {
      return;
    }
    frames = null;
    next = null;
    failure = cause;
    Waiter waiter = (Waiter) WAITERS.getAndSet(this, SETTLED);
    while (waiter != null) {
      try {
        waiter.action.run();
      } catch (RuntimeException e) {
        LOG.error("What was to be done once an append was settled has failed", e);
      }
      waiter = waiter.next;
    }
  }
}
