package org.larder.tck;

import org.larder.storage.spi.Capability;

/** What each part of the kit works with: a new, empty store for every test. */
public interface BackendUnderTest {
  /** The store of the running test. */
  TestStore store();

  /** True if the backend says that it can do this. */
  default boolean declares(Capability capability) {
    return store().backend().descriptor().capabilities().contains(capability);
  }
}
