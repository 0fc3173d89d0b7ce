package org.larder.buffer;

import java.util.List;
import java.util.Optional;
import org.larder.storage.model.Row;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Group;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one way out: an OSGi service for domains. Questions go to the primary backend, which answers
 * as much as it can; the rest is done here. Free for any thread.
 *
 * <p>Every method throws {@link BufferException}: BACKEND_AWAY if the primary cannot be asked, and
 * DEADLINE if {@link Consistency#FLUSHED} was wanted and it did not catch up in time; and {@link
 * IllegalArgumentException} or {@link java.util.NoSuchElementException} if the question does not
 * fit the collection.
 */
@ProviderType
public interface RecordReader {
  /** The record of that key. */
  Answer<Optional<Row>> get(String collection, String key, Consistency consistency);

  /** One page of records. */
  Answer<Page> query(Query query, Consistency consistency);

  /** Figures over groups of records; {@link Consistency#BUFFERED} counts as FLUSHED. */
  Answer<List<Group>> aggregate(Aggregation aggregation, Consistency consistency);
}
