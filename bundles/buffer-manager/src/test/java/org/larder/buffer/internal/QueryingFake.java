package org.larder.buffer.internal;

import java.util.List;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Evaluator;
import org.larder.storage.query.Group;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.QueryBackend;
import org.larder.storage.spi.ScanRequest;

/** A fake that answers questions itself. */
class QueryingFake extends FakeBackend implements QueryBackend {
  QueryingFake(FakeStore store) {
    this("main", store);
  }

  QueryingFake(String name, FakeStore store) {
    super(name, store, Capability.INSERT_IF_ABSENT);
  }

  @Override
  public Page query(Query query) {
    return Evaluator.query(query, scan(ScanRequest.all(query.schema())));
  }

  @Override
  public List<Group> aggregate(Aggregation aggregation) {
    return Evaluator.aggregate(aggregation, scan(ScanRequest.all(aggregation.schema())));
  }
}
