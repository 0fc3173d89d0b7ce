package org.larder.translation.internal;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.larder.buffer.Answer;
import org.larder.buffer.Consistency;
import org.larder.buffer.Intake;
import org.larder.buffer.RecordReader;
import org.larder.rest.BatchEndpoint;
import org.larder.rest.Problem;
import org.larder.rest.QueryParameters;
import org.larder.rest.Replies;
import org.larder.rest.RowWriter;
import org.larder.storage.model.Row;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Order;

/** Tasks: in batches, in lists, one by one. Free for any thread. */
@Path("tasks")
@Produces(MediaType.APPLICATION_JSON)
public final class TaskResource {
  static final RowWriter WRITER = RowWriter.of(Tasks.SCHEMA);

  private static final List<String> TEXT_FILTERS = List.of("session_id", "batch_id", "sheet_name");

  private final RecordReader reader;
  private final BatchEndpoint batches;
  private final RecordList lists;

  TaskResource(Intake intake, RecordReader reader) {
    this.reader = reader;
    this.batches = new BatchEndpoint(intake, "tasks", Tasks.FORMAT);
    this.lists = new RecordList(reader, WRITER);
  }

  @POST
  @Path("batch")
  @Consumes({MediaType.APPLICATION_JSON, BatchEndpoint.NDJSON})
  public Response batch(@Context HttpHeaders headers, InputStream body) {
    return batches.post(headers, body);
  }

  @GET
  public Response list(@Context UriInfo uri) {
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    List<Filter> terms = new ArrayList<>();
    for (String name : TEXT_FILTERS) {
      parameters.text(name).ifPresent(value -> terms.add(Filter.eq(name, value)));
    }
    parameters.oneOf("status", Tasks.STATUSES).ifPresent(s -> terms.add(Filter.eq("status", s)));
    return lists.list(parameters, Tasks.SCHEMA, terms, Order.descending("created_at"));
  }

  @GET
  @Path("{id}")
  public Response one(@PathParam("id") String id, @Context UriInfo uri) {
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    Consistency consistency = parameters.consistency();
    parameters.check();
    Answer<Optional<Row>> found = reader.get(Tasks.SCHEMA.name(), id, consistency);
    Row task =
        found
            .value()
            .orElseThrow(() -> Problem.notFound("TASK_NOT_FOUND", "task_id", id).exception());
    return Replies.ok(found, json -> WRITER.write(task, json));
  }
}
