package org.larder.tck;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.larder.storage.spi.StorageBackend;

/** One store for each test: a test class says how it is opened and closed. */
abstract class OneStore implements BackendUnderTest {
  private TestStore store;

  /**
   * Opens the store of the running test: empty at the first call of a test, as the last close left
   * it at later ones.
   */
  protected abstract StorageBackend open() throws Exception;

  /** Closes what {@code open} gave. */
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
