package org.larder.buffer.internal;

import java.util.function.Predicate;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;

/** A fake that a migration can be stopped at. */
final class MigratingFake extends QueryingFake {
  private final String name;

  /** Batches that fail, to be tried again. */
  volatile Predicate<Batch> stuck = batch -> false;

  /** True if scans fail, to be tried again. */
  volatile boolean unreadable;

  /** Runs at each scan. */
  volatile Runnable onScan = () -> {};

  MigratingFake(String name, FakeStore store) {
    super(name, store);
    this.name = name;
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
  public RecordCursor scan(ScanRequest request) {
    onScan.run();
    if (unreadable) {
      throw asTold();
    }
    return super.scan(request);
  }
}
