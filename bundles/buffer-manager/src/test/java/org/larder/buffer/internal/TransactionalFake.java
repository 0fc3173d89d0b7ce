package org.larder.buffer.internal;

import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.WriteResult;

/** A fake that stores a batch and its position at once, or neither. */
final class TransactionalFake extends FakeBackend {
  TransactionalFake(FakeStore store) {
    super("main", store, Capability.ATOMIC_POSITION, Capability.INSERT_IF_ABSENT);
  }

  @Override
  WriteResult commit(Batch batch) {
    synchronized (store) {
      return super.commit(batch);
    }
  }
}
