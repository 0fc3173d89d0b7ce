package org.larder.translation.internal;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.larder.buffer.Answer;
import org.larder.buffer.Consistency;
import org.larder.buffer.Intake;
import org.larder.buffer.RecordReader;
import org.larder.rest.Instants;
import org.larder.rest.LongCalls;
import org.larder.rest.QueryParameters;
import org.larder.rest.Replies;
import org.larder.storage.model.Row;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Order;
import org.larder.storage.query.Query;

/**
 * What a translator asks when it starts again: which sessions to go on with. Free for any thread.
 */
@Path("recovery")
@Produces(MediaType.APPLICATION_JSON)
public final class RecoveryResource {
  private static final Filter OPEN = Filter.in("status", "pending", "processing");

  private final Intake intake;
  private final RecordReader reader;
  private final LongCalls calls;

  RecoveryResource(Intake intake, RecordReader reader, LongCalls calls) {
    this.intake = intake;
    this.reader = reader;
    this.calls = calls;
  }

  @GET
  @Path("incomplete-sessions")
  public void incomplete(@Context UriInfo uri, @Suspended AsyncResponse reply) {
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    Optional<Duration> olderThan = parameters.duration("older_than");
    Consistency consistency = parameters.consistency();
    parameters.check();
    calls.run(reply, () -> incomplete(olderThan, consistency));
  }

  private Response incomplete(Optional<Duration> olderThan, Consistency consistency) {
    List<Filter> terms = new ArrayList<>(List.of(OPEN));
    olderThan.ifPresent(
        age -> {
          long before = intake.nowMicros() - age.toNanos() / 1_000;
          terms.add(Filter.le("updated_at", Row.instant(before)));
        });
    Query query =
        Query.of(Sessions.SCHEMA)
            .withFilter(new Filter.And(terms))
            .withOrder(Order.descending("created_at"));
    AllRows sessions = new AllRows(reader, query, consistency);
    return Replies.ok(
        sessions.origin(),
        json -> {
          json.writeStartObject();
          json.writeFieldName("sessions");
          long count = sessions.write(SessionResource.WRITER, json);
          json.writeNumberField("count", count);
          json.writeEndObject();
        });
  }

  @POST
  @Path("restore/{id}")
  public void restore(@PathParam("id") String id, @Suspended AsyncResponse reply) {
    calls.run(reply, () -> restore(id));
  }

  private Response restore(String id) {
    Answer<Optional<Row>> found = reader.get(Sessions.SCHEMA.name(), id, Consistency.BUFFERED);
    Row session = found.value().orElseThrow(() -> SessionResource.missing(id).exception());
    Query query =
        Query.of(Tasks.SCHEMA)
            .withFilter(Filter.and(Filter.eq("session_id", id), OPEN))
            .withOrder(Order.ascending("row_index"));
    AllRows tasks = new AllRows(reader, query, Consistency.BUFFERED);
    long now = intake.nowMicros();
    return Replies.ok(
        found,
        json -> {
          json.writeStartObject();
          json.writeStringField("session_id", id);
          json.writeFieldName("session");
          SessionResource.WRITER.write(session, json);
          json.writeFieldName("tasks");
          long count = tasks.write(TaskResource.WRITER, json);
          json.writeNumberField("tasks_count", count);
          json.writeStringField("restored_at", Instants.format(now));
          json.writeEndObject();
        });
  }
}
