package org.larder.storage.spi;

/**
 * What a backend may be able to do beyond the minimum: the host does itself what one lacks, or does
 * without. What is declared the kit tests. Where a capability has a call of its own, a backend that
 * does not declare it refuses the call with HALT and the code {@code UNSUPPORTED}, and the host
 * never makes it; the others are promises about calls that every backend takes.
 */
public enum Capability {
  /** A batch and its position are stored in one transaction. */
  ATOMIC_POSITION,
  /** A batch may contain {@link org.larder.storage.model.Mutation.Kind#INSERT}. */
  INSERT_IF_ABSENT,
  /** Writes of different lanes may run at once. The host writes one lane at a time for now. */
  PARALLEL_LANES,
  /** A scan sees the store as it was when the scan began. */
  SNAPSHOT_SCAN,
  /** Text search by words. No call asks for it yet, and the kit fails whoever declares it. */
  FULL_TEXT
}
