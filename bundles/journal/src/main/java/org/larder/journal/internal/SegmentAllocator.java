package org.larder.journal.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.larder.journal.JournalFile;
import org.larder.journal.JournalFiles;
import org.larder.journal.JournalOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the next segment ahead of its use on a thread of its own: zeros, forced, its name in the
 * directory synced. The committer takes it; everything shared is guarded by the lock.
 */
final class SegmentAllocator implements Runnable {
  /** A segment that is ready. */
  record Spare(long number, Path file) {}

  private static final Logger LOG = LoggerFactory.getLogger(SegmentAllocator.class);
  private static final int FILL_BYTES = 1 << 20;
  private static final int FORCE_BYTES = 4 << 20;

  private final JournalOptions options;
  private final AppendQueue queue;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long nextNumber;
  private Spare spare;
  private IOException failure;
  private boolean poked;
  private boolean closed;

  SegmentAllocator(JournalOptions options, AppendQueue queue, long nextNumber, Spare spare) {
    this.options = options;
    this.queue = queue;
    this.nextNumber = nextNumber;
    this.spare = spare;
    thread = new Thread(this, "journal-allocator");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Waits for the segment that is being made; fails when it could not be made. */
  Spare take() throws IOException {
    lock.lock();
    try {
      if (failure == null) {
        poked = true;
        changed.signalAll();
      }
      while (spare == null) {
        if (failure != null) {
          throw failure;
        }
        if (closed) {
          throw new IOException("the journal is closed");
        }
        changed.awaitUninterruptibly();
      }
      Spare taken = spare;
      spare = null;
      queue.spareUsed();
      poked = true;
      changed.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** There may be room again. */
  void poke() {
    lock.lock();
    try {
      poked = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Uninterrupted.join(thread);
  }

  @Override
  public void run() {
    while (awaitWork()) {
      if (!queue.claimSegment()) {
        continue;
      }
      Path file = options.directory().resolve(Layout.segmentName(nextNumber));
      try {
        make(file);
        queue.claimWorked();
        made(new Spare(nextNumber, file), null);
      } catch (IOException e) {
        queue.claimFailed(e, options.files().isNoSpace(e));
        made(null, e);
        discard(file);
      }
      nextNumber++;
    }
  }

  private void made(Spare ready, IOException cause) {
    lock.lock();
    try {
      if (cause != null && failure == null) {
        LOG.error(
            "No segment can be made in {}; writes are refused once the current one is full."
                + " Free space, or see to the disk; it is tried again every {} ms",
            options.directory(),
            options.retryInterval().toMillis(),
            cause);
      } else if (cause == null && failure != null) {
        LOG.info("Segments can be made again in {}", options.directory());
      }
      failure = cause;
      spare = ready;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns once a segment is wanted, or the pause after a failure is over; false once closed. */
  private boolean awaitWork() {
    lock.lock();
    try {
      long rest = options.retryInterval().toNanos();
      while (!closed) {
        if (spare == null && (poked || (failure != null && rest <= 0))) {
          poked = false;
          return true;
        }
        if (failure == null) {
          changed.awaitUninterruptibly();
        } else {
          rest = changed.awaitNanos(rest);
        }
      }
      return false;
    } catch (InterruptedException e) {
      LOG.error("The thread that makes segments was interrupted and ends", e);
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Forces piece by piece, so that a group being forced never waits behind the whole. */
  private void make(Path file) throws IOException {
    JournalFiles files = options.files();
    Path unfinished = file.resolveSibling(file.getFileName() + Layout.UNFINISHED);
    files.delete(unfinished);
    try (JournalFile made = files.open(unfinished, JournalFiles.Mode.CREATE)) {
      ByteBuffer zeros =
          ByteBuffer.allocateDirect((int) Math.min(FILL_BYTES, options.segmentBytes()));
      for (long at = 0; at < options.segmentBytes(); at += zeros.limit()) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), options.segmentBytes() - at));
        made.write(zeros, at);
        if ((at + zeros.limit()) % FORCE_BYTES == 0) {
          made.force(false);
        }
      }
      made.force(true);
    }
    files.rename(unfinished, file);
    files.syncDirectory(options.directory());
  }

  private void discard(Path file) {
    try {
      options.files().delete(file.resolveSibling(file.getFileName() + Layout.UNFINISHED));
      options.files().delete(file);
    } catch (IOException e) {
      LOG.debug("What is left of {} is deleted at the next start", file, e);
    }
  }
}
