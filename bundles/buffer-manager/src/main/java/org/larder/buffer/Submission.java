package org.larder.buffer;

import java.time.Duration;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.RowBuilder;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The items of one request on their way into the journal. Items are encoded as they are added; one
 * that is refused leaves no trace, and the others are not affected. For one thread, which closes
 * it.
 *
 * <pre>{@code
 * try (Submission submission = intake.begin("notes", contentLength)) {
 *   while (parser.hasNext()) {
 *     RowBuilder row = submission.row();
 *     ...
 *     submission.add(Mutation.Kind.MERGE);
 *   }
 *   return submission.commit(Durability.JOURNAL, Duration.ofSeconds(10));
 * }
 * }</pre>
 */
@ProviderType
public interface Submission extends AutoCloseable {
  /** The collection, in its newest version. */
  CollectionSchema schema();

  /** An empty builder for the next item; always the same object, cleared. */
  RowBuilder row();

  /**
   * Takes the row that the builder holds.
   *
   * <p>An insert into a guarded collection gets its {@link Outcome} when it is committed; in any
   * other collection that stays {@link Outcome#UNCHECKED}.
   *
   * @throws InvalidRowException if a required field is missing or the row is too large
   */
  void add(Mutation.Kind kind) throws InvalidRowException;

  /**
   * Adds the removal of a key, as a user wants it.
   *
   * @throws InvalidRowException if it cannot be a key
   */
  default void delete(String key) throws InvalidRowException {
    delete(key, DeleteOrigin.USER);
  }

  /**
   * Adds the removal of a key.
   *
   * @param origin why; mirrors may be configured not to apply it
   * @throws InvalidRowException if it cannot be a key
   */
  void delete(String key, DeleteOrigin origin) throws InvalidRowException;

  /** How many items were taken. */
  int size();

  /**
   * Takes room for more bytes than were expected at the beginning.
   *
   * @throws BufferException FULL if there is none
   */
  void reserve(long moreBytes);

  /**
   * Appends all items, in order and together, and waits for the durability wanted. Without items it
   * does nothing and answers with an empty receipt.
   *
   * <p>In a guarded collection it first takes its turn with the decisions about these records, and
   * learns which inserts are duplicates; those are left out. While the primary cannot say, or does
   * not within a second, they are taken unchecked.
   *
   * @param patience how long to wait for {@link Durability#BACKEND}; when it runs out the answer
   *     names the level that was reached
   * @throws BufferException if the items are not in the journal; the client has to send them again.
   *     UNDECIDED if its turn did not come
   */
  Acknowledgement commit(Durability wanted, Duration patience);

  /** Gives back the room taken; what was not committed is forgotten. */
  @Override
  void close();
}
