package org.larder.storage.spi;

import java.time.Duration;
import org.larder.storage.model.CollectionSchema;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A place where records are kept. It is registered as an OSGi service with the property {@link
 * #NAME} as soon as it is configured, whether its database can be reached or not: that shows in
 * {@link #probe}.
 *
 * <p><b>Order of calls.</b> {@link #attach} comes first for each follower, {@link
 * #ensureCollection} before the first write or read of a collection. <b>Threads.</b> The host calls
 * {@link #write}, {@link #attach}, {@link #sync} and {@link #ensureCollection} from one thread at a
 * time for each follower and lane; reads and {@link #probe} come from any thread beside them. The
 * host may interrupt a thread whose call has run over its time; the call should then fail with
 * {@link StorageException.Severity#RETRY}. <b>Errors.</b> Every method throws {@link
 * StorageException}, whose severity tells the host what to do.
 *
 * <p><b>Idempotency.</b> Any call may be repeated, also after it took effect and its answer was
 * lost; the position makes sure that a batch counts once.
 *
 * <p>The contract kit in {@code tck/} tests all that is said here. This interface gets no new
 * methods; what comes later comes as an interface beside it.
 */
@ConsumerType
public interface StorageBackend {
  /** Service property: the backend's name, by which configuration refers to it. */
  String NAME = "larder.backend.name";

  /** What this backend is and can do; always the same answer, and at once. */
  BackendDescriptor descriptor();

  /**
   * Begins or renews a follower's right to write. From now on a write under a lower epoch for the
   * same follower and lane is {@link StorageException.Severity#FENCED}, whatever process it comes
   * from. A store without transactions may tell another process so up to a second late, if what
   * that has written by then changes nothing for the one who took over.
   *
   * <p>A store that knows nothing of the follower notes it at sequence 0 of the journal given. A
   * store that is new makes its identity. A position that refers to another journal is returned as
   * it is and stays, unless {@link Attachment#startAt()} overrules it.
   *
   * @return who the store is and how far the follower got, durably or not
   * @throws StorageException FENCED if the store has seen a higher epoch of the same journal; HALT
   *     with {@code DIFFERENT_STORE} if the store is not {@link Attachment#expectedStore()}, and
   *     then nothing was written
   */
  StoreState attach(Attachment attachment);

  /**
   * Makes the collection ready, or brings it from an older version to this one. Does nothing if the
   * store has this version or a newer one.
   */
  void ensureCollection(CollectionSchema schema);

  /**
   * Applies a batch and moves the follower's position from {@link Batch#from()} to {@link
   * Batch#to()}: all or nothing where the backend has {@link Capability#ATOMIC_POSITION}, the data
   * first and the position after it elsewhere.
   *
   * <p>The position is moved by compare-and-set. If it is not at {@code from}: when it is at {@code
   * to} or beyond, the batch is in already and {@link WriteResult.Committed} is the answer; when it
   * is of a higher epoch, FENCED; else HALT. In none of these cases does the batch change anything.
   *
   * <p>A mutation stores its {@link org.larder.storage.model.Mutation#sequence()} as the row's
   * version. What mutations do to rows is defined by {@link
   * org.larder.storage.model.Merging#apply}.
   *
   * @return {@link WriteResult.Refused} if the store cannot take one of the items as it is; nothing
   *     of the batch is then stored
   */
  WriteResult write(Batch batch);

  /**
   * Goes through a collection by key, unsigned bytes of UTF-8, ascending. Rows that are written
   * meanwhile may or may not be seen; a row that is there all along is seen once.
   *
   * @return a cursor that the caller closes
   */
  RecordCursor scan(ScanRequest request);

  /**
   * Makes what was written durable.
   *
   * @return a position of the follower that a loss of power cannot undo any more; the journal is
   *     kept from there on
   */
  Position sync(String follower, int lane);

  /**
   * Looks how the store is, within the time given.
   *
   * @return never an exception for a store that is away: that is an answer
   */
  Probe probe(Duration budget);
}
