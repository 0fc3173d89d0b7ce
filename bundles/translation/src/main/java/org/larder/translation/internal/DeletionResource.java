package org.larder.translation.internal;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import java.io.InputStream;
import java.util.List;
import org.larder.buffer.Consistency;
import org.larder.buffer.Intake;
import org.larder.buffer.RecordReader;
import org.larder.rest.Instants;
import org.larder.rest.LongCalls;
import org.larder.rest.QueryParameters;
import org.larder.rest.Replies;
import org.larder.rest.RequestBody;

/** Calls that remove sessions. Free for any thread. */
@Path("sessions")
@Produces(MediaType.APPLICATION_JSON)
public final class DeletionResource {
  private final Intake intake;
  private final RecordReader reader;
  private final Removal removal;
  private final LongCalls calls;

  DeletionResource(Intake intake, RecordReader reader, Removal removal, LongCalls calls) {
    this.intake = intake;
    this.reader = reader;
    this.removal = removal;
    this.calls = calls;
  }

  @DELETE
  @Path("{id}")
  public void delete(@PathParam("id") String id, @Suspended AsyncResponse reply) {
    calls.run(reply, () -> delete(id));
  }

  private Response delete(String id) {
    removal.flush();
    boolean known = reader.get(Sessions.SCHEMA.name(), id, Consistency.STORED).value().isPresent();
    long tasks = removal.tasksOf(id);
    if (!known && tasks == 0) {
      throw SessionResource.missing(id).exception();
    }
    if (known) {
      removal.sessions(List.of(id));
    }
    removal.show();
    long now = intake.nowMicros();
    return Replies.ok(
        json -> {
          json.writeStartObject();
          json.writeStringField("status", "deleted");
          json.writeStringField("session_id", id);
          json.writeNumberField("deleted_tasks", tasks);
          json.writeStringField("timestamp", Instants.format(now));
          json.writeEndObject();
        });
  }

  @POST
  @Path("cleanup")
  @Consumes(MediaType.WILDCARD)
  public void cleanup(@Context UriInfo uri, InputStream body, @Suspended AsyncResponse reply) {
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    Cleanup.Options options;
    try (RequestBody read = RequestBody.read(body, false, 0, bytes -> {})) {
      options = Cleanup.Options.of(parameters, read.copy());
    }
    calls.run(reply, () -> new Cleanup(reader, removal, intake.nowMicros(), options).run());
  }
}
