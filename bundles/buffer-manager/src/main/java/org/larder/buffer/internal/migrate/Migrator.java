package org.larder.buffer.internal.migrate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.larder.buffer.MigrationPlan;
import org.larder.buffer.MigrationRefusedException;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Comparison;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Migrations;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.buffer.internal.OwnFiles;
import org.larder.storage.model.CollectionSchema;

/**
 * The migrations of a node. Free for any thread; what changes something comes one at a time. Each
 * migration that runs has a thread.
 */
public final class Migrator implements Migrations {
  private final Premises premises;
  private final Ledger ledger;
  private final ReentrantLock comparing = new ReentrantLock(true);
  private final Map<Long, MigrationRun> runs = new ConcurrentHashMap<>();
  private boolean closed;

  private Migrator(Premises premises, Ledger ledger) {
    this.premises = premises;
    this.ledger = ledger;
  }

  /**
   * Opens the migrations of a node; they go on with {@link #resume}.
   *
   * @throws IOException if their file cannot be read or is damaged
   */
  public static Migrator open(Path file, Premises premises) throws IOException {
    return new Migrator(premises, Ledger.open(file));
  }

  /** Goes on with those that had not ended when the node stopped. */
  public synchronized void resume() {
    for (MigrationRecord record : ledger.list()) {
      if (!record.phase().isEnd()) {
        run(record);
      }
    }
  }

  private void run(MigrationRecord record) {
    MigrationRun former = runs.get(record.id());
    if (former != null && former.wake()) {
      return;
    }
    runs.values().removeIf(MigrationRun::hasEnded);
    MigrationRun run = new MigrationRun(premises, ledger, record, comparing);
    runs.put(record.id(), run);
    run.start();
  }

  /** Ends the threads; those that run go on at the next start. */
  public void close() {
    synchronized (this) {
      closed = true;
    }
    for (MigrationRun run : runs.values()) {
      try {
        run.stop();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public MigrationPlan plan(MigrationRequest request) {
    requireAlone(request);
    return new MigrationCheck(premises).plan(request);
  }

  private void requireAlone(MigrationRequest request) {
    for (MigrationRecord other : ledger.list()) {
      boolean meets =
          other.request().collection().equals(request.collection())
              || other.request().collection().equals(Route.ALL)
              || request.collection().equals(Route.ALL);
      if (!other.phase().isEnd() && meets) {
        throw new MigrationRefusedException(
            "MIGRATION_RUNNING",
            "Migration "
                + other.id()
                + " of "
                + other.request().collection()
                + " is under way: wait for its end, or cancel it");
      }
    }
  }

  @Override
  public MigrationStatus start(MigrationRequest request) {
    // Backends are asked before anything is locked: one that hangs is in nobody else's way.
    return begin(request, plan(request));
  }

  private synchronized MigrationStatus begin(MigrationRequest request, MigrationPlan plan) {
    if (closed) {
      throw new MigrationRefusedException("NOT_READY", "The node is stopping");
    }
    requireAlone(request);
    if (!premises.routes().routeOf(request.collection()).equals(plan.route())) {
      throw new MigrationRefusedException(
          "MIGRATION_INVALID",
          "The route of "
              + request.collection()
              + " was changed while the migration was checked; look at it, and begin again");
    }
    try {
      MigrationRecord record =
          ledger.begin(
              id ->
                  new MigrationRecord(
                      id,
                      request,
                      plan.route(),
                      plan.cutOver(),
                      Phase.PREPARED,
                      Phase.ROLLED_BACK,
                      premises.clock().instant(),
                      Optional.empty(),
                      plan.records(),
                      0,
                      0,
                      Comparison.NONE,
                      "",
                      ""));
      run(record);
      return status(record);
    } catch (IOException e) {
      throw OwnFiles.refused("the migration was not begun", e);
    }
  }

  @Override
  public List<MigrationStatus> list() {
    return ledger.list().stream().map(this::status).toList();
  }

  @Override
  public Optional<MigrationStatus> find(long id) {
    return ledger.find(id).map(this::status);
  }

  private MigrationStatus status(MigrationRecord record) {
    boolean reversible = obstacle(record).isEmpty();
    MigrationRun run = runs.get(record.id());
    return run == null || record.phase().isEnd()
        ? record.status(reversible)
        : record.status(reversible, run.gauge());
  }

  @Override
  public synchronized MigrationStatus rollBack(long id) {
    MigrationRecord record = known(id);
    Optional<String> obstacle = obstacle(record);
    if (obstacle.isPresent()) {
      throw new MigrationRefusedException("MIGRATION_NOT_REVERSIBLE", obstacle.get());
    }
    return goBack(record, Phase.ROLLED_BACK);
  }

  @Override
  public synchronized MigrationStatus cancel(long id) {
    MigrationRecord record = known(id);
    if (record.phase().compareTo(Phase.CUT_OVER) >= 0) {
      throw new MigrationRefusedException(
          "MIGRATION_NOT_RUNNING",
          "Migration "
              + id
              + " is "
              + record.phase().wireName()
              + (record.phase().isEnd() ? "" : " and beyond being cancelled")
              + (obstacle(record).isEmpty() ? "; it can be rolled back" : ""));
    }
    return goBack(record, Phase.CANCELLED);
  }

  private MigrationRecord known(long id) {
    return ledger
        .find(id)
        .orElseThrow(() -> new NoSuchElementException("There is no migration " + id));
  }

  private MigrationStatus goBack(MigrationRecord record, Phase end) {
    MigrationRun running = runs.get(record.id());
    try {
      MigrationRecord changed =
          ledger.change(
              record.id(),
              now -> now.phase() != Phase.ROLLING_BACK,
              now -> (running == null ? now : now.counted(running.gauge())).backTo(end));
      run(changed);
      return status(changed);
    } catch (IOException e) {
      throw OwnFiles.refused("the migration was not changed", e);
    }
  }

  /** Why the old route cannot be given back; empty if it can. */
  private Optional<String> obstacle(MigrationRecord record) {
    MigrationRequest request = record.request();
    return switch (record.phase()) {
      case ROLLING_BACK, ROLLED_BACK, CANCELLED ->
          Optional.of("Migration " + record.id() + " is undone already");
      case PREPARED, BACKFILLING, CATCHING_UP, VERIFYING, CUT_OVER -> Optional.empty();
      case DONE, MIRRORED, FAILED -> obstacleToEnded(record, request);
    };
  }

  private Optional<String> obstacleToEnded(MigrationRecord record, MigrationRequest request) {
    RouteTable routes = premises.routes();
    Route route = routes.routeOf(request.collection());
    // A rolling back that has failed leaves the target the primary.
    boolean swapped = record.phase() != Phase.MIRRORED && route.primary().equals(request.to());
    boolean ours =
        route.backends().contains(request.to())
            && route.backends().contains(request.from())
            && (swapped
                || (record.phase() != Phase.DONE && route.primary().equals(request.from())));
    if (!ours || !isNewest(record)) {
      return Optional.of("The route of " + request.collection() + " was changed since");
    }
    for (CollectionSchema schema : premises.collectionsOf(request.collection())) {
      if (!premises.side(request.from()).isFull(schema.name())) {
        return Optional.of(
            request.from() + " does not hold all of " + schema.name() + " as a mirror any more");
      }
    }
    if (swapped) {
      Side source = premises.side(request.from());
      return Refused.letters(source, premises.collectionsOf(request.collection()))
          .map(lacking -> lacking + ": replay or discard them first, see larder:dead")
          .or(
              () ->
                  RollingBack.inTheWay(source)
                      .map(
                          trouble ->
                              source.name()
                                  + " does not follow now; roll back when it does: "
                                  + trouble.code()
                                  + ": "
                                  + trouble.message()));
    }
    return Optional.empty();
  }

  private boolean isNewest(MigrationRecord record) {
    return ledger.list().stream()
        .noneMatch(
            other ->
                other.id() > record.id()
                    && other.request().collection().equals(record.request().collection())
                    && other.phase() != Phase.ROLLED_BACK
                    && other.phase() != Phase.CANCELLED);
  }
}
