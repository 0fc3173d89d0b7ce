package org.larder.buffer.internal;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Row;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;

/** A fake that a migration can be stopped at. */
final class MigratingFake extends QueryingFake {
  private final String name;

  /** Batches that fail, to be tried again. */
  volatile Predicate<Batch> stuck = batch -> false;

  /** True if batches are stored, and fail before the position has moved. */
  volatile boolean torn;

  /** True if scans fail, to be tried again. */
  volatile boolean unreadable;

  /** What was scanned, in order. */
  final List<ScanRequest> scans = new CopyOnWriteArrayList<>();

  /** True if a scan sees the store as it was when it began; to be set before it joins. */
  boolean snapshots;

  /** Runs at each scan. */
  volatile Runnable onScan = () -> {};

  MigratingFake(String name, FakeStore store) {
    super(name, store);
    this.name = name;
  }

  @Override
  public BackendDescriptor descriptor() {
    BackendDescriptor usual = super.descriptor();
    if (!snapshots) {
      return usual;
    }
    Set<Capability> more = EnumSet.copyOf(usual.capabilities());
    more.add(Capability.SNAPSHOT_SCAN);
    return new BackendDescriptor(usual.name(), usual.kind(), more);
  }

  /** True for batches of the journal, false for ranges that are filled in. */
  boolean isFollowing(Batch batch) {
    return batch.follower().equals(name);
  }

  private static StorageException asTold() {
    return new StorageException(StorageException.Severity.RETRY, "STORE_BUSY", "as told");
  }

  @Override
  public WriteResult write(Batch batch) {
    if (stuck.test(batch)) {
      throw asTold();
    }
    return super.write(batch);
  }

  @Override
  protected void put(CollectionSchema schema, List<Row> rows) {
    super.put(schema, rows);
    if (torn) {
      throw asTold();
    }
  }

  @Override
  public RecordCursor scan(ScanRequest request) {
    scans.add(request);
    onScan.run();
    if (unreadable) {
      throw asTold();
    }
    return super.scan(request);
  }
}
