package org.larder.storage.spi;

/**
 * What a backend may be able to do beyond the minimum. The host branches on each; what is declared
 * is tested by the kit, and what is not declared the backend refuses with HALT and the code {@code
 * UNSUPPORTED}, and the host never asks for it.
 */
public enum Capability {
  /** A batch and its position are stored in one transaction. */
  ATOMIC_POSITION,
  /** A batch may contain {@link org.larder.storage.model.Mutation.Kind#INSERT}. */
  INSERT_IF_ABSENT,
  /** Writes of different lanes may run at once. */
  PARALLEL_LANES,
  /** A scan sees the store as it was when the scan began. */
  SNAPSHOT_SCAN,
  /** Text search by words. */
  FULL_TEXT
}
