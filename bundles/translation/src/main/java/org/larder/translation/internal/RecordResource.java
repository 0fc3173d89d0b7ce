package org.larder.translation.internal;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.larder.buffer.Answer;
import org.larder.buffer.Consistency;
import org.larder.buffer.Intake;
import org.larder.buffer.RecordReader;
import org.larder.rest.BatchEndpoint;
import org.larder.rest.ItemFormat;
import org.larder.rest.ListRequest;
import org.larder.rest.QueryParameters;
import org.larder.rest.Replies;
import org.larder.rest.RowWriter;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Row;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Order;
import org.larder.storage.query.Page;

/** What sessions and tasks have in common: batches in, lists out, one by one. */
public abstract class RecordResource {
  private final RecordReader reader;
  private final CollectionSchema schema;
  private final RowWriter writer;
  private final BatchEndpoint batches;

  /**
   * Of one collection.
   *
   * @param items the member of a batch's body that has the items
   */
  RecordResource(
      Intake intake,
      RecordReader reader,
      CollectionSchema schema,
      String items,
      ItemFormat format,
      RowWriter writer) {
    this.reader = reader;
    this.schema = schema;
    this.writer = writer;
    batches = new BatchEndpoint(intake, items, format);
  }

  @POST
  @Path("batch")
  @Consumes({MediaType.APPLICATION_JSON, BatchEndpoint.NDJSON})
  public Response batch(@Context HttpHeaders headers, InputStream body) {
    return batches.post(headers, body);
  }

  /** The newest first; both ends of the range of creation times are inclusive. */
  @GET
  public Response list(@Context UriInfo uri) {
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    List<Filter> terms = terms(parameters);
    parameters.from("from_date").ifPresent(from -> terms.add(Filter.ge("created_at", from)));
    parameters.to("to_date").ifPresent(to -> terms.add(Filter.le("created_at", to)));
    Consistency consistency = parameters.consistency();
    ListRequest list =
        ListRequest.of(parameters, schema, new Filter.And(terms), Order.descending("created_at"));
    Answer<Page> page = reader.query(list.query(), consistency);
    return Replies.ok(page, list.reply(page.value(), writer));
  }

  /** What the collection's own parameters demand, as a list to add to. */
  abstract List<Filter> terms(QueryParameters parameters);

  final Answer<Optional<Row>> find(String id, UriInfo uri) {
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    Consistency consistency = parameters.consistency();
    parameters.check();
    return reader.get(schema.name(), id, consistency);
  }
}
