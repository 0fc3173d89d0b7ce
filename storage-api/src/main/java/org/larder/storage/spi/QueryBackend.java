package org.larder.storage.spi;

import java.util.List;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Group;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A backend that answers questions itself. Its answers equal those of {@link
 * org.larder.storage.query.Evaluator} over a scan. Questions are checked by the host before ({@link
 * org.larder.storage.query.Queries}).
 */
@ConsumerType
public interface QueryBackend extends StorageBackend {
  /** One page of rows, with the total if it was asked. */
  Page query(Query query);

  /** Figures over groups of rows, in the order of the groups' values. */
  List<Group> aggregate(Aggregation aggregation);
}
