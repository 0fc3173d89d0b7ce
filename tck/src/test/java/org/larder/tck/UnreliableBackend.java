package org.larder.tck;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;

/** A backend that keeps data well, but promises too much or does not come and go as it should. */
final class UnreliableBackend extends MemoryBackend implements AutoCloseable {
  private final Flaw flaw;
  private volatile boolean closed;

  UnreliableBackend(Memory memory, Flaw flaw) {
    super(memory);
    this.flaw = flaw;
    if (flaw == Flaw.LEAVES_A_THREAD) {
      Thread thread = new Thread(() -> wait(Duration.ofSeconds(30)), "left behind");
      thread.setDaemon(true);
      thread.start();
    }
  }

  @Override
  public BackendDescriptor descriptor() {
    Set<Capability> declared = new HashSet<>();
    switch (flaw) {
      case DECLARES_INSERTS_BUT_PUTS -> declared.add(Capability.INSERT_IF_ABSENT);
      case DECLARES_SNAPSHOT_SCANS -> declared.add(Capability.SNAPSHOT_SCAN);
      case DECLARES_TEXT_SEARCH -> declared.add(Capability.FULL_TEXT);
      default -> {}
    }
    return new BackendDescriptor("memory", "memory", declared);
  }

  @Override
  public WriteResult write(Batch batch) {
    boolean puts =
        flaw == Flaw.DECLARES_INSERTS_BUT_PUTS || flaw == Flaw.TAKES_INSERTS_WITHOUT_DECLARING;
    if (flaw == Flaw.HALTS_WHEN_INTERRUPTED && Thread.currentThread().isInterrupted()) {
      throw new StorageException(HALT, "STORE_ERROR", "Interrupted");
    }
    if (flaw == Flaw.FAILS_WITH_SOMETHING_ELSE_WHEN_CLOSED && closed) {
      throw new IllegalStateException("closed");
    }
    if (flaw == Flaw.OUTLIVES_ITS_TIME && batch.timeout().compareTo(Duration.ofSeconds(5)) < 0) {
      wait(batch.timeout().plus(Clocked.GRACE).plusSeconds(1));
    }
    return super.write(puts ? withPuts(batch) : batch);
  }

  private static Batch withPuts(Batch batch) {
    List<Batch.Changes> changes =
        batch.changes().stream()
            .map(part -> new Batch.Changes(part.schema(), withPuts(part.mutations())))
            .toList();
    return new Batch(
        batch.follower(),
        batch.lane(),
        batch.journal(),
        batch.epoch(),
        batch.from(),
        batch.to(),
        changes,
        batch.timeout());
  }

  private static List<Mutation> withPuts(List<Mutation> mutations) {
    return mutations.stream()
        .map(
            each ->
                each.kind() == Mutation.Kind.INSERT
                    ? new Mutation(Mutation.Kind.PUT, each.row(), each.sequence())
                    : each)
        .toList();
  }

  @Override
  protected void put(CollectionSchema schema, List<Row> rows) {
    boolean cut = flaw == Flaw.TAKES_5000_ITEMS_AT_MOST && rows.size() > 5000;
    super.put(schema, cut ? rows.subList(0, 5000) : rows);
  }

  @Override
  public RecordCursor scan(ScanRequest request) {
    RecordCursor cursor = super.scan(request);
    return new RecordCursor() {
      @Override
      public Row next() {
        return flaw == Flaw.ENDS_SCANS_WHEN_CLOSED && closed ? null : cursor.next();
      }

      @Override
      public void close() {
        cursor.close();
      }
    };
  }

  @Override
  public Probe probe(Duration budget) {
    if (flaw == Flaw.PROBES_WITHOUT_HURRY && budget.compareTo(Duration.ofMillis(10)) < 0) {
      wait(Duration.ofSeconds(6));
    }
    return super.probe(budget);
  }

  private static void wait(Duration time) {
    try {
      boolean unused = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
