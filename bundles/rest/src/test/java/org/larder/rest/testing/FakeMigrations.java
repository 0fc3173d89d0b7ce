package org.larder.rest.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.larder.buffer.MigrationPlan;
import org.larder.buffer.MigrationRefusedException;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Comparison;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Migrations;
import org.larder.buffer.Route;

/** Migrations that stay where they are until they are told. All methods take the object's lock. */
public final class FakeMigrations implements Migrations {
  private final List<MigrationStatus> all = new ArrayList<>();
  private final Runnable noting;

  /**
   * Has none yet.
   *
   * @param noting called before a change is noted, which fails as it does
   */
  FakeMigrations(Runnable noting) {
    this.noting = noting;
  }

  @Override
  public synchronized MigrationPlan plan(MigrationRequest request) {
    if (!request.from().equals("fake")) {
      throw new MigrationRefusedException("BACKEND_UNKNOWN", "There is no " + request.from());
    }
    if (all.stream().anyMatch(one -> !one.phase().isEnd())) {
      throw new MigrationRefusedException("MIGRATION_RUNNING", "One is under way");
    }
    return new MigrationPlan(
        request,
        Route.of(request.collection(), request.from()),
        List.of(new MigrationPlan.Part("kitchen_notes", 12, 3_456)),
        "memory",
        true,
        List.of("text is searched by the node"));
  }

  @Override
  public synchronized MigrationStatus start(MigrationRequest request) {
    plan(request);
    MigrationStatus begun = status(all.size() + 1, request, Phase.BACKFILLING);
    noting.run();
    all.add(begun);
    return begun;
  }

  private static MigrationStatus status(long id, MigrationRequest request, Phase phase) {
    return new MigrationStatus(
        id,
        request,
        phase,
        Instant.parse("2026-03-01T12:00:00Z"),
        phase.isEnd() ? Optional.of(Instant.parse("2026-03-01T12:01:00Z")) : Optional.empty(),
        12,
        6,
        0,
        3,
        phase.isEnd() ? Optional.empty() : Optional.of(Duration.ofSeconds(2)),
        Comparison.NONE,
        "",
        "",
        !phase.isEnd());
  }

  @Override
  public synchronized List<MigrationStatus> list() {
    return List.copyOf(all);
  }

  @Override
  public synchronized Optional<MigrationStatus> find(long id) {
    return all.stream().filter(one -> one.id() == id).findFirst();
  }

  @Override
  public synchronized MigrationStatus rollBack(long id) {
    return end(id, Phase.ROLLED_BACK, "MIGRATION_NOT_REVERSIBLE");
  }

  @Override
  public synchronized MigrationStatus cancel(long id) {
    return end(id, Phase.CANCELLED, "MIGRATION_NOT_RUNNING");
  }

  private MigrationStatus end(long id, Phase phase, String otherwise) {
    MigrationStatus now = find(id).orElseThrow(() -> new NoSuchElementException("None"));
    if (now.phase().isEnd()) {
      throw new MigrationRefusedException(otherwise, "It has ended");
    }
    MigrationStatus ended = status(id, now.request(), phase);
    noting.run();
    all.set(all.indexOf(now), ended);
    return ended;
  }
}
