package org.larder.buffer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.larder.storage.model.CollectionSchema;
import org.osgi.annotation.versioning.ProviderType;

/** What operators and health checks ask of the buffer: an OSGi service. Free for any thread. */
@ProviderType
public interface BufferControl {
  /**
   * Drains everything that was acknowledged before the call into the primary backend. Callers at
   * the same time share one drain.
   *
   * @throws BufferException BACKEND_AWAY if the primary is away, DEADLINE if it did not catch up;
   *     nothing is lost
   */
  FlushResult flush(Duration deadline);

  /** What became of a receipt; empty if it is none of this node's. */
  Optional<ReceiptState> receipt(String receipt);

  /** How the buffer is. */
  BufferStatus status();

  /** The collections known, by name, each in its newest version. */
  List<CollectionSchema> collections();

  /** The collection of that name in its newest version. */
  Optional<CollectionSchema> collection(String name);

  /** The dead letters of all followers, oldest first. */
  List<DeadLetter> deadLetters();

  /** What the last start cut, quarantined and kept. */
  Recovery recovery();

  /**
   * Lets a halted follower go on with whatever store its backend has now, from the oldest sequence
   * that the journal still keeps or from where the store says it is, whichever is later.
   *
   * @throws java.util.NoSuchElementException if there is no such follower
   */
  void adopt(String follower);
}
