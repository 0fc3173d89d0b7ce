package org.larder.translation.internal;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.larder.buffer.Answer;
import org.larder.buffer.Intake;
import org.larder.buffer.RecordReader;
import org.larder.rest.Problem;
import org.larder.rest.QueryParameters;
import org.larder.rest.Replies;
import org.larder.rest.RowWriter;
import org.larder.storage.model.Row;
import org.larder.storage.query.Filter;

/** Tasks: in batches, in lists, one by one. Free for any thread. */
@Path("tasks")
@Produces(MediaType.APPLICATION_JSON)
public final class TaskResource extends RecordResource {
  static final RowWriter WRITER = RowWriter.of(Tasks.SCHEMA);

  private static final List<String> TEXT_FILTERS = List.of("session_id", "batch_id", "sheet_name");

  TaskResource(Intake intake, RecordReader reader) {
    super(intake, reader, Tasks.SCHEMA, "tasks", Tasks.FORMAT, WRITER);
  }

  @Override
  List<Filter> terms(QueryParameters parameters) {
    List<Filter> terms = new ArrayList<>();
    for (String name : TEXT_FILTERS) {
      parameters.text(name).ifPresent(value -> terms.add(Filter.eq(name, value)));
    }
    parameters.oneOf("status", Tasks.STATUSES).ifPresent(s -> terms.add(Filter.eq("status", s)));
    return terms;
  }

  @GET
  @Path("{id}")
  public Response one(@PathParam("id") String id, @Context UriInfo uri) {
    Answer<Optional<Row>> found = find(id, uri);
    Row task =
        found
            .value()
            .orElseThrow(() -> Problem.notFound("TASK_NOT_FOUND", "task_id", id).exception());
    return Replies.ok(found, json -> WRITER.write(task, json));
  }
}
