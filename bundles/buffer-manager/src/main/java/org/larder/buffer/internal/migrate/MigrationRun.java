package org.larder.buffer.internal.migrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.internal.OwnFiles;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one migration to its end, on a thread of its own: looks what phase it is in, does what
 * that needs, and notes the next before it begins with it. Whatever was done before a crash is
 * found done, and not done twice. Others only change the phase in the ledger, and wake it.
 */
final class MigrationRun implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(MigrationRun.class);
  private static final long TICK_MILLIS = 100;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final long id;
  private final MigrationRequest request;
  private final Gauge gauge;
  private final Course course;
  private final Phases phases;
  private final Thread thread;
  private volatile boolean stopping;
  private boolean woken;
  private boolean over;

  /**
   * One that has not begun to run.
   *
   * @param comparing held while followers are: there may be one who holds them
   */
  MigrationRun(Premises premises, Ledger ledger, MigrationRecord record, ReentrantLock comparing) {
    id = record.id();
    request = record.request();
    gauge = new Gauge(record.verified(), record.comparison(), premises::nanoTime);
    course = new Course(premises, ledger, gauge, record);
    phases =
        new Phases(
            premises,
            record,
            course,
            gauge,
            new Verifying(
                premises, record, course, gauge, comparing, this::pauseFor, () -> stopping));
    thread = new Thread(this, "larder-migration-" + id);
    thread.setDaemon(true);
    thread.setContextClassLoader(MigrationRun.class.getClassLoader());
  }

  void start() {
    thread.start();
  }

  Gauge gauge() {
    return gauge;
  }

  /**
   * Its phase was changed.
   *
   * @return false if it has ended already: then another has to be begun
   */
  synchronized boolean wake() {
    woken = true;
    notifyAll();
    return !over;
  }

  synchronized boolean hasEnded() {
    return over;
  }

  /** Decided once, so that whoever wakes it knows whether it was heard. */
  private synchronized boolean isOver() {
    over = over || stopping || course.record().phase().isEnd();
    return over;
  }

  /** Ends the thread; the migration goes on when the node starts again. */
  void stop() throws InterruptedException {
    stopping = true;
    wake();
    thread.join(TimeUnit.SECONDS.toMillis(2));
    if (thread.isAlive()) {
      thread.interrupt();
      thread.join(TimeUnit.SECONDS.toMillis(1));
    }
  }

  @Override
  public void run() {
    try {
      goOn();
    } finally {
      ended();
    }
  }

  private synchronized void ended() {
    over = true;
  }

  private void goOn() {
    MigrationRecord record = course.record();
    LOG.info(
        "Migration {} of {} from {} to {}: {}",
        id,
        request.collection(),
        request.from(),
        request.to(),
        record.phase().wireName());
    while (!isOver()) {
      record = course.record();
      Duration pause = Duration.ofMillis(TICK_MILLIS);
      try {
        phases.step(record.phase());
      } catch (StorageException e) {
        course.waits(e.code(), e.getMessage());
        pause = PAUSE;
      } catch (RouteRefusedException e) {
        phases.refused(record.phase(), e);
        pause = PAUSE;
      } catch (IOException | UncheckedIOException e) {
        LOG.error("Migration {} cannot use the node's own files", id, e);
        gauge.waits("NODE_DISK_FAILED", OwnFiles.FAILED);
        pause = PAUSE;
      } catch (InterruptedException e) {
        LOG.info("Migration {} goes on when the node starts again", id);
        return;
      } catch (RuntimeException | Error e) {
        LOG.error("Migration {} has met an error of the program", id, e);
        course.fail(record.phase(), "INTERNAL", "Nobody foresaw it; the log has the reason: " + e);
      }
      pauseFor(pause);
    }
  }

  private synchronized void pauseFor(Duration pause) {
    long until = System.nanoTime() + pause.toNanos();
    try {
      long left = pause.toMillis();
      while (!woken && !stopping && left > 0) {
        wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      }
      woken = false;
    } catch (InterruptedException e) {
      stopping = true;
    }
  }
}
