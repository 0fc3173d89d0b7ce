package org.larder.tck;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.larder.storage.spi.StorageBackend;

/**
 * What the kit has about writing, and nothing about reading, schemas, limits or bundles: for a
 * backend that can be set to write in another way, beside a {@link BackendContract} for the usual
 * one. It ends in no report and certifies nothing.
 */
public abstract class WritingContract
    implements PositionContract,
        StoreContract,
        MergeContract,
        ConcurrencyContract,
        CapabilityContract,
        IdempotencyContract,
        FailureContract,
        CrashContract {
  private TestStore store;

  /** See {@link BackendContract#open}. */
  protected abstract StorageBackend open() throws Exception;

  /** Closes what {@link #open} gave. */
  protected abstract void close(StorageBackend backend) throws Exception;

  @BeforeEach
  final void begin() {
    store = new TestStore(this::open, this::close);
  }

  @AfterEach
  final void end() throws Exception {
    store.close();
  }

  @Override
  public final TestStore store() {
    return store;
  }
}
