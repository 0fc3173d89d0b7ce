package org.larder.buffer;

import java.time.Duration;
import java.util.Collection;
import org.larder.storage.model.InvalidRowException;
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
   * Makes a decision that hangs on what is stored, and writes it as one: for changes of what was
   * read, uniqueness, references, conditions. While the decision runs nobody else decides on what
   * it holds, and no write of a guarded collection changes it; what it writes takes effect whole or
   * not at all. Who decides next sees it.
   *
   * <p>Nothing is held while the disk is waited for. But who decides on what another has just
   * written waits until that is on the disk, and so do inserts of the same key: decisions about one
   * record come one a force of the journal.
   *
   * @param guards what it is known to need before it begins: claims, and the records it will look
   *     at. Those left out cost a second beginning
   * @param wanted what has to be reached before this returns
   * @param patience how long it may take to decide, and, for {@link Durability#BACKEND}, until it
   *     is there as well; when it runs out after the decision, the answer names the level reached
   * @throws BufferException and nothing was written: BACKEND_AWAY or UNDECIDED if what is stored
   *     could not be known in time; ROUTES_APART if it writes to collections with different
   *     primaries; as {@link Submission#commit} else
   * @throws InvalidRowException as the decision threw it
   * @throws IllegalStateException if called from within a decision, or if it writes more than fits
   *     into one frame of the journal
   */
  <R> Decided<R> decide(
      Collection<Guard> guards, Durability wanted, Duration patience, Decision<R> decision)
      throws InvalidRowException;

  /**
   * The time to stamp records with: microseconds since 1970-01-01T00:00:00Z, never less than before
   * on this node.
   */
  long nowMicros();

  /** A new identifier: positive, below 2^53, greater than every one before on this node. */
  long nextId();
}
