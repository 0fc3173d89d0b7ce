package org.larder.prove.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.larder.bench.load.KeySequence;
import org.larder.prove.record.AckLog;
import org.larder.prove.task.TaskState;

/** What the writers of one proof share. Free for any thread. */
final class Run {
  /** How long a writer stays at a request when it should end: most outcomes are known then. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final KeySequence keys;
  final AckLog log;
  final Answers answers;
  final IntSupplier port;
  final Pace pace;
  private final LinkedBlockingQueue<FinishedSession> finishedSessions = new LinkedBlockingQueue<>();
  private final AtomicLong nextSession = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile long endNanos;
  private volatile boolean ending;

  Run(KeySequence keys, AckLog log, Answers answers, IntSupplier port, Pace pace) {
    this.keys = keys;
    this.log = log;
    this.answers = answers;
    this.port = port;
    this.pace = pace;
  }

  /** A session that nobody else writes to. */
  long beginSession() {
    return nextSession.getAndIncrement();
  }

  /** Offers a session for deletion. */
  void finishSession(FinishedSession session) {
    finishedSessions.add(session);
  }

  /** A session that may be deleted, if there is one within that time. */
  Optional<FinishedSession> finishedSession(Duration wait) throws InterruptedException {
    return Optional.ofNullable(finishedSessions.poll(wait.toMillis(), TimeUnit.MILLISECONDS));
  }

  TaskState task(long number, int version) {
    return new TaskState(keys, number, version, version);
  }

  void end() {
    endNanos = System.nanoTime();
    ending = true;
  }

  /** Whether nothing new should be begun. */
  boolean isEnding() {
    return ending;
  }

  /** Whether what is under way should be left as it is. */
  boolean isOver() {
    return failure.get() != null || (ending && System.nanoTime() - endNanos > PATIENCE.toNanos());
  }

  void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
  }

  void throwFailure() throws IOException {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IOException("a writer failed: " + cause, cause);
    }
  }
}
