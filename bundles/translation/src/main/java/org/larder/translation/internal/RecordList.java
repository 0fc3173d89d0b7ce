package org.larder.translation.internal;

import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import org.larder.buffer.Answer;
import org.larder.buffer.Consistency;
import org.larder.buffer.RecordReader;
import org.larder.rest.ListRequest;
import org.larder.rest.QueryParameters;
import org.larder.rest.Replies;
import org.larder.rest.RowWriter;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Order;
import org.larder.storage.query.Page;

/**
 * Lists the records of a collection by what every list takes: a range of creation times, a
 * consistency, an order and a page. Free for any thread.
 */
final class RecordList {
  private final RecordReader reader;
  private final RowWriter writer;

  /** Lists what the reader finds, written by that writer. */
  RecordList(RecordReader reader, RowWriter writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /**
   * The records that fulfil the terms and the range, both of its ends inclusive.
   *
   * @param terms what the collection's own parameters demand
   * @param order unless the client says another
   */
  Response list(
      QueryParameters parameters, CollectionSchema schema, List<Filter> terms, Order order) {
    List<Filter> all = new ArrayList<>(terms);
    parameters.from("from_date").ifPresent(from -> all.add(Filter.ge("created_at", from)));
    parameters.to("to_date").ifPresent(to -> all.add(Filter.le("created_at", to)));
    Consistency consistency = parameters.consistency();
    ListRequest list = ListRequest.of(parameters, schema, new Filter.And(all), order);
    Answer<Page> page = reader.query(list.query(), consistency);
    return Replies.ok(page, list.reply(page.value(), writer));
  }
}
