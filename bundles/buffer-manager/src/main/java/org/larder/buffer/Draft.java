package org.larder.buffer;

import java.util.Optional;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a {@link Decision} reads and writes. All collections in it are guarded ones. A record that
 * it reads or writes is guarded from then on: if it was not named before, the decision is begun
 * anew, holding it as well. So the keys of new records are made before the decision: one made
 * within it would be another each time it is begun, and it would not end before its time is over.
 * For the thread of the decision, until that returns.
 *
 * <p>The records are those that a flush at this moment would leave, whether they are in the primary
 * yet or in the journal alone, and whichever backends are the primaries of their collections; a
 * row's {@link Row#version()} is that of the stored row.
 *
 * <p>Methods that read throw {@link BufferException}: BACKEND_AWAY, or UNDECIDED when the time is
 * over. A decision lets that pass.
 */
@ProviderType
public interface Draft {
  /**
   * The record of that key as it is, with what this draft has written so far.
   *
   * @throws java.util.NoSuchElementException if there is no such collection
   * @throws IllegalArgumentException if the collection is not guarded
   */
  Optional<Row> row(String collection, String key);

  /**
   * One page of the records as they are, without what this draft has written. The claim that the
   * decision holds has to be held by all who could change the answer: the rows found are not
   * guarded by having been found.
   */
  Page query(Query query);

  /** An empty builder for a row of that collection, in its newest version. */
  RowBuilder builder(String collection);

  /**
   * Writes what the builder holds; it may be used on. All collections that a decision writes to
   * have the same primary, so that it takes effect as one.
   *
   * @param kind PUT or MERGE; who inserts has looked before whether the record is there
   * @throws InvalidRowException if a required field is missing or the row is too large
   */
  void write(Mutation.Kind kind, RowBuilder row) throws InvalidRowException;

  /**
   * Removes the record of that key, as a user wants it.
   *
   * @throws InvalidRowException if it cannot be a key
   */
  default void delete(String collection, String key) throws InvalidRowException {
    delete(collection, key, DeleteOrigin.USER);
  }

  /**
   * Removes the record of that key.
   *
   * @param origin why; mirrors may be configured not to apply it
   * @throws InvalidRowException if it cannot be a key
   */
  void delete(String collection, String key, DeleteOrigin origin) throws InvalidRowException;
}
