package org.larder.buffer.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.JournalStatus;
import org.larder.buffer.Recovery;
import org.larder.journal.Journal;
import org.larder.journal.JournalStats;
import org.larder.journal.RecoveryReport;

/** Tells operators how the buffer is and what its start found; free for any thread. */
final class Overview {
  /** After a start, how long the primary has to catch up before the node is ready all the same. */
  private static final Duration CATCH_UP = Duration.ofSeconds(5);

  private final Journal journal;
  private final JournalIntake intake;
  private final PendingCounts pending;
  private final BackendProbes probes;
  private final Supplier<Follower> primary;
  private final Instant openedAt;
  private final long openedNanos = System.nanoTime();
  private final long openingEnd;

  Overview(
      Journal journal,
      JournalIntake intake,
      PendingCounts pending,
      BackendProbes probes,
      Supplier<Follower> primary,
      Clock clock) {
    this.journal = journal;
    this.intake = intake;
    this.pending = pending;
    this.probes = probes;
    this.primary = primary;
    openedAt = clock.instant();
    openingEnd = journal.end(0);
  }

  /** How the buffer is now. */
  BufferStatus status(int capacity) {
    Follower follower = primary.get();
    boolean caughtUp = follower.progress().reached() >= openingEnd;
    boolean ready = caughtUp || System.nanoTime() - openedNanos > CATCH_UP.toNanos();
    return new BufferStatus(
        ready,
        pending.snapshot(),
        capacity,
        follower.figures().lastCommit(),
        intake.acknowledged(),
        journalStatus(),
        List.of(follower.status()),
        probes.look(follower.name()));
  }

  private JournalStatus journalStatus() {
    JournalStats stats = journal.stats();
    return new JournalStatus(
        stats.liveBytes(),
        stats.maxBytes(),
        stats.segments(),
        journal.start(0),
        journal.end(0),
        stats.groups(),
        Duration.ofNanos(stats.forceNanosTotal()),
        Duration.ofNanos(stats.forceNanosMax()),
        stats.failedForces());
  }

  /** What the start found. */
  Recovery recovery() {
    RecoveryReport report = journal.recovery();
    List<Recovery.Finding> findings = new ArrayList<>();
    for (RecoveryReport.Finding finding : report.findings()) {
      findings.add(
          new Recovery.Finding(
              finding.kind().name().toLowerCase(Locale.ROOT),
              finding.file(),
              finding.bytes(),
              finding.fromSequence(),
              finding.toSequence(),
              finding.sentence()));
    }
    return new Recovery(
        openedAt,
        report.epoch(),
        report.startSequence(),
        report.endSequence(),
        report.segments(),
        report.frames(),
        Duration.ofNanos(report.nanos()),
        primary.get().figures().replayed(),
        findings);
  }
}
