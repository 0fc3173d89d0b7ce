package org.larder.translation.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.larder.buffer.Answer;
import org.larder.buffer.Consistency;
import org.larder.buffer.Intake;
import org.larder.buffer.RecordReader;
import org.larder.rest.Instants;
import org.larder.rest.JsonBody;
import org.larder.rest.ListRequest;
import org.larder.rest.Problem;
import org.larder.rest.QueryParameters;
import org.larder.rest.Replies;
import org.larder.rest.RowWriter;
import org.larder.storage.model.Row;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Order;
import org.larder.storage.query.Page;

/** Sessions: in batches, in lists, one by one, with their tasks. Free for any thread. */
@Path("sessions")
@Produces(MediaType.APPLICATION_JSON)
public final class SessionResource extends RecordResource {
  private static final Duration RATE_WINDOW = Duration.ofMinutes(10);

  static final RowWriter WRITER = RowWriter.of(Sessions.SCHEMA).with(SessionResource::writeDerived);

  private final Intake intake;
  private final RecordReader reader;

  SessionResource(Intake intake, RecordReader reader) {
    super(intake, reader, Sessions.SCHEMA, "sessions", Sessions.FORMAT, WRITER);
    this.intake = intake;
    this.reader = reader;
  }

  private static void writeDerived(Row session, JsonGenerator json) throws IOException {
    json.writeNumberField("pending_tasks", Sessions.pendingTasks(session));
    json.writeNumberField("progress", Sessions.progress(session));
  }

  @Override
  List<Filter> terms(QueryParameters parameters) {
    List<Filter> terms = new ArrayList<>();
    parameters.oneOf("status", Sessions.STATUSES).ifPresent(s -> terms.add(eq("status", s)));
    parameters.text("llm_provider").ifPresent(p -> terms.add(eq("llm_provider", p)));
    return terms;
  }

  @GET
  @Path("{id}")
  public Response one(@PathParam("id") String id, @Context UriInfo uri) {
    Answer<Optional<Row>> found = find(id, uri);
    Row session = found.value().orElseThrow(() -> missing(id).exception());
    return Replies.ok(found, withEstimate(session));
  }

  static Problem missing(String id) {
    return Problem.notFound("SESSION_NOT_FOUND", "session_id", id);
  }

  private JsonBody withEstimate(Row session) {
    OptionalLong completion = estimatedCompletion(session);
    if (completion.isEmpty()) {
      return json -> WRITER.write(session, json);
    }
    RowWriter writer =
        WRITER.with(
            (row, json) -> {
              writeDerived(row, json);
              json.writeStringField(
                  "estimated_completion", Instants.format(completion.getAsLong()));
            });
    return json -> writer.write(session, json);
  }

  /** Now + remaining ÷ the rate of the last ten minutes; empty without a rate. */
  private OptionalLong estimatedCompletion(Row session) {
    long remaining = Sessions.remainingTasks(session);
    if (remaining == 0 || !Sessions.isOpen(session)) {
      return OptionalLong.empty();
    }
    long now = intake.nowMicros();
    long since = now - RATE_WINDOW.toNanos() / 1_000;
    Filter recent =
        Filter.and(
            eq("session_id", session.key()),
            eq("status", "completed"),
            Filter.ge("updated_at", Row.instant(since)));
    long completed =
        reader
            .aggregate(Aggregation.count(Tasks.SCHEMA, recent), Consistency.STORED)
            .value()
            .get(0)
            .count(0);
    if (completed == 0) {
      return OptionalLong.empty();
    }
    double micros = RATE_WINDOW.toNanos() / 1_000.0 * remaining / completed;
    return OptionalLong.of(now + (long) micros);
  }

  @GET
  @Path("{id}/tasks")
  public Response tasks(@PathParam("id") String id, @Context UriInfo uri) {
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    List<Filter> terms = new ArrayList<>();
    terms.add(eq("session_id", id));
    parameters.oneOf("status", Tasks.STATUSES).ifPresent(s -> terms.add(eq("status", s)));
    parameters.text("sheet_name").ifPresent(s -> terms.add(eq("sheet_name", s)));
    Consistency consistency = parameters.consistency();
    ListRequest list =
        ListRequest.of(
            parameters, Tasks.SCHEMA, new Filter.And(terms), Order.ascending("row_index"));
    Answer<Page> page = reader.query(list.query(), consistency);
    if (page.value().rows().isEmpty()
        && reader.get(Sessions.SCHEMA.name(), id, consistency).value().isEmpty()
        && !hasTasks(id, consistency)) {
      throw missing(id).exception();
    }
    return Replies.ok(
        page,
        list.reply(
            page.value(), TaskResource.WRITER, json -> json.writeStringField("session_id", id)));
  }

  /** A session may arrive after its tasks: then there is something to list all the same. */
  private boolean hasTasks(String id, Consistency consistency) {
    Filter all = eq("session_id", id);
    return reader
            .aggregate(Aggregation.count(Tasks.SCHEMA, all), consistency)
            .value()
            .get(0)
            .count(0)
        > 0;
  }

  private static Filter eq(String field, String value) {
    return Filter.eq(field, value);
  }
}
