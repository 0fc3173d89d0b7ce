package org.larder.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.larder.journal.internal.Core;
import org.larder.journal.internal.FrameReader;

/**
 * Reads the synced frames of a journal in order. One thread at a time calls it, save for {@link
 * #wakeup()} and {@link #close()}, which any thread may call to end a wait.
 *
 * <p>It has a channel of its own. When its thread is interrupted while it reads, that channel is
 * closed and {@link #read} throws {@link java.nio.channels.ClosedByInterruptException} with the
 * thread still flagged; once the flag is cleared the next call opens another and goes on where it
 * was. A reader holds nothing back: see {@link Journal#retain}.
 */
public final class JournalReader implements AutoCloseable {
  private final Core core;
  private final FrameReader frames;
  private final Runnable listener = this::unpark;
  private volatile Thread waiting;
  private volatile boolean woken;
  private volatile boolean closed;

  JournalReader(Core core, long from) {
    this.core = core;
    this.frames = new FrameReader(core, from);
    core.addListener(listener);
  }

  /**
   * The next synced frames, in order; what is on record as lost is stepped over. Does not wait.
   *
   * @param maxBytes stop once the payloads reach so many bytes; one frame is returned even when it
   *     is bigger
   * @return possibly nothing
   * @throws SequenceGoneException when the position lies before the journal's start
   * @throws IOException when the file cannot be read; the position is then as before
   */
  public List<Frame> read(int maxBytes) throws IOException {
    if (closed) {
      throw new IOException("the reader is closed");
    }
    return frames.read(maxBytes);
  }

  /**
   * Goes on from the sequence, forwards or backwards; cheap enough to look single frames up. A
   * sequence that is gone shows at the next read.
   */
  public void seek(long sequence) throws IOException {
    frames.seek(sequence);
  }

  /**
   * Waits until something synced lies at or beyond the position.
   *
   * @return whether it does; false after the timeout, a {@link #wakeup()} or a close
   */
  public boolean await(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    waiting = Thread.currentThread();
    try {
      while (core.segments().syncedEnd() <= position()) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        long rest = deadline - System.nanoTime();
        if (woken || closed || rest <= 0) {
          return false;
        }
        LockSupport.parkNanos(this, rest);
      }
      return true;
    } finally {
      waiting = null;
      woken = false;
    }
  }

  /** The sequence after the last frame returned, or after what was found lost behind it. */
  public long position() {
    return frames.position();
  }

  /** Makes the waiting {@link #await} return, or the next one if none is waiting. */
  public void wakeup() {
    woken = true;
    unpark();
  }

  private void unpark() {
    Thread thread = waiting;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  /** Closes its channel; a waiting {@link #await} returns. */
  @Override
  public void close() throws IOException {
    closed = true;
    core.removeListener(listener);
    unpark();
    frames.close();
  }
}
