package org.larder.buffer.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.JournalStatus;
import org.larder.buffer.Recovery;
import org.larder.buffer.Route;
import org.larder.buffer.RouteStatus;
import org.larder.journal.Journal;
import org.larder.journal.JournalStats;
import org.larder.journal.RecoveryReport;

/** Tells operators how the buffer is and what its start found; free for any thread. */
final class Overview {
  /** After a start, how long the primary has to catch up before the node is ready all the same. */
  private static final Duration CATCH_UP = Duration.ofSeconds(5);

  private final Journal journal;
  private final JournalIntake intake;
  private final BackendProbes probes;
  private final Routing routing;
  private final Instant openedAt;
  private final LongSupplier nanoTime;
  private final long openedNanos;
  private final long openingEnd;

  Overview(
      Journal journal,
      JournalIntake intake,
      BackendProbes probes,
      Routing routing,
      Clock clock,
      LongSupplier nanoTime) {
    this.journal = journal;
    this.intake = intake;
    this.probes = probes;
    this.routing = routing;
    this.nanoTime = nanoTime;
    openedNanos = nanoTime.getAsLong();
    openedAt = clock.instant();
    openingEnd = journal.end(0);
  }

  /** How the buffer is now. */
  BufferStatus status(int capacity) {
    List<Follower> primaries = routing.primaries();
    boolean caughtUp =
        primaries.stream().allMatch(primary -> primary.progress().reached() >= openingEnd);
    boolean ready = caughtUp || nanoTime.getAsLong() - openedNanos > CATCH_UP.toNanos();
    return new BufferStatus(
        ready,
        pending(primaries),
        capacity,
        primaries.stream()
            .flatMap(primary -> primary.figures().lastCommit().stream())
            .max(Instant::compareTo),
        intake.acknowledged(),
        journalStatus(),
        routing.followers().list().stream().map(Follower::status).toList(),
        probes.look(routing.table()::isPrimary));
  }

  /** Records that are not in their primary yet, by collection. */
  Map<String, Long> pending() {
    return pending(routing.primaries());
  }

  private Map<String, Long> pending(List<Follower> primaries) {
    Map<String, Long> pending = new TreeMap<>();
    for (Follower primary : primaries) {
      primary
          .pending()
          .snapshot()
          .forEach(
              (collection, records) -> {
                if (routing.primaryOf(collection) == primary) {
                  pending.put(collection, records);
                }
              });
    }
    return pending;
  }

  /** How the routes are now. */
  List<RouteStatus> routes() {
    return routing.table().inOrder().stream().map(this::routeStatus).toList();
  }

  private RouteStatus routeStatus(Route route) {
    List<String> collections = routing.collectionsOf(route);
    String one = collections.isEmpty() ? Route.ALL : collections.get(0);
    Follower read = routing.primaryOf(one);
    Follower source = read.backend().isPresent() ? read : routing.standInFor(one).orElse(read);
    return new RouteStatus(
        route,
        source.name(),
        route.backends().stream()
            .flatMap(name -> routing.followers().find(name).stream())
            .map(follower -> copy(follower, collections))
            .toList());
  }

  private RouteStatus.Copy copy(Follower follower, List<String> collections) {
    boolean full = collections.stream().allMatch(name -> routing.isFull(follower, name));
    RouteStatus.Completeness completeness =
        full ? RouteStatus.Completeness.LIVE : RouteStatus.Completeness.SEEDING;
    return new RouteStatus.Copy(
        follower.name(),
        follower.isDetached() ? RouteStatus.Completeness.STALE : completeness,
        follower.seeding().collection(),
        collections.stream().mapToLong(follower.seeding()::rows).sum(),
        routing.table().mirror(follower.name()),
        follower.status());
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
        routing.primaryOf(Route.ALL).figures().replayed(),
        findings);
  }
}
