package org.larder.buffer;

import org.osgi.annotation.versioning.ProviderType;

/** The one way in: an OSGi service for domains. Free for any thread. */
@ProviderType
public interface Intake {
  /**
   * Begins a submission, before the request is parsed: takes room for its bytes and lets the
   * journal know that something is on its way.
   *
   * @param collection the name of a known collection
   * @param expectedBytes what the request is likely to take, such as its content length; 0 if that
   *     is not known. See {@link Submission#reserve}
   * @throws BufferException FULL if there is no room now; CLOSED while the node starts or stops
   * @throws java.util.NoSuchElementException if there is no such collection
   */
  Submission begin(String collection, long expectedBytes);

  /**
   * The time to stamp records with: microseconds since 1970-01-01T00:00:00Z, never less than before
   * on this node.
   */
  long nowMicros();

  /** A new identifier: positive, below 2^53, greater than every one before on this node. */
  long nextId();
}
