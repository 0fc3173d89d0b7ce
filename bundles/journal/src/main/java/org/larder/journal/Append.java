package org.larder.journal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * What became of an append: sequences at once, durability later. Safe for any number of threads.
 *
 * <p>An append is settled once it is synced or failed; it never changes after that.
 */
public interface Append {

  /** The sequence of the first item. */
  long firstSequence();

  /** The sequence after the last item. */
  long endSequence();

  /** Whether every frame of it is on the disk: it will be read back after a loss of power. */
  boolean isSynced();

  /**
   * Why it failed; empty while it is under way and when it is synced. After a failure the frames
   * are not promised: they are never given to a reader of this opening, and almost never to a later
   * one.
   */
  Optional<JournalFailedException> failure();

  /**
   * Waits until every frame of it is on the disk.
   *
   * @param timeout how long at most
   * @throws TimeoutException when it is still under way after that; it may yet be synced
   * @throws JournalFailedException when it could not be written or forced
   * @throws InterruptedException when the caller is interrupted; the append itself goes on
   */
  void awaitSynced(Duration timeout)
      throws TimeoutException, JournalFailedException, InterruptedException;

  /**
   * Runs the action once the append is settled: on the caller's thread when it is already, else on
   * the committer's, which everybody waits for: hand over, do not work and never block in it. Ask
   * {@link #isSynced()} which way it went.
   */
  void onSettled(Runnable action);
}
