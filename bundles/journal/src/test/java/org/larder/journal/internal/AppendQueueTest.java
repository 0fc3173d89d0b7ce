package org.larder.journal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.larder.journal.JournalFailedException;
import org.larder.journal.JournalFullException;
import org.larder.journal.NewFrame;

/** The test's thread plays the committer. */
@Timeout(10)
class AppendQueueTest {
  private final AppendQueue queue =
      new AppendQueue(new SpaceLedger(1 << 20, 64 << 10, 0), 1 << 20, 1000, 0);

  private static Ticket ticket() {
    return new Ticket(List.of(NewFrame.of((byte) 1, false, 1, 1, new byte[10])), 1000);
  }

  /** What a lock does to a thread that has to wait for it. */
  private static void waitForALock() {
    LockSupport.park();
  }

  @Test
  void wakeUpUsedUpByALockEndsTheSleepAllTheSame() throws Exception {
    assertThat(queue.takeAllOrSleep(Thread.currentThread())).isNull();
    Ticket ticket = ticket();
    queue.add(ticket);
    waitForALock();
    queue.sleep();
    assertThat(queue.takeAllOrSleep(Thread.currentThread())).isSameAs(ticket);
  }

  @Test
  void closingWhoseWakeUpIsUsedUpByALockEndsTheSleepAllTheSame() {
    assertThat(queue.takeAllOrSleep(Thread.currentThread())).isNull();
    queue.close();
    waitForALock();
    queue.sleep();
    assertThat(queue.isClosed()).isTrue();
  }

  @Test
  void nobodySleepsAtAClosedQueue() {
    queue.close();
    assertThat(queue.takeAllOrSleep(Thread.currentThread())).isNull();
    queue.sleep();
    assertThat(queue.isClosed()).isTrue();
  }

  @Test
  void strayWakeUpDoesNotEndTheSleep() throws Exception {
    Thread committer = Thread.currentThread();
    assertThat(queue.takeAllOrSleep(committer)).isNull();
    LockSupport.unpark(committer);
    Ticket ticket = ticket();
    Thread appending =
        new Thread(
            () -> {
              LockSupport.unpark(committer);
              add(ticket);
            });
    appending.start();
    queue.sleep();
    assertThat(queue.takeAll()).isSameAs(ticket);
    appending.join();
  }

  private void add(Ticket ticket) {
    try {
      queue.add(ticket);
    } catch (JournalFullException | JournalFailedException e) {
      throw new AssertionError(e);
    }
  }
}
