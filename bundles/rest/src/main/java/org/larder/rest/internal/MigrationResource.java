package org.larder.rest.internal;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongFunction;
import org.larder.buffer.BufferControl;
import org.larder.buffer.MigrationPlan;
import org.larder.buffer.MigrationRefusedException;
import org.larder.buffer.MigrationStatus;
import org.larder.rest.JsonBody;
import org.larder.rest.LongCalls;
import org.larder.rest.Problem;
import org.larder.rest.ProblemException;
import org.larder.rest.Replies;
import org.larder.rest.RequestBody;

/** Moves collections from one backend to another. Free for any thread. */
@Path(MigrationResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class MigrationResource {
  static final String PATH = "api/v1/admin/migrations";

  private final BufferControl buffer;
  private final LongCalls calls;

  MigrationResource(BufferControl buffer, LongCalls calls) {
    this.buffer = buffer;
    this.calls = calls;
  }

  @GET
  public Response migrations() {
    List<MigrationStatus> all = buffer.migrations().list();
    return Replies.ok(
        json -> {
          json.writeStartObject();
          json.writeNumberField("count", all.size());
          json.writeArrayFieldStart("migrations");
          for (MigrationStatus one : all) {
            MigrationJson.status(one, json);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  @GET
  @Path("{id}")
  public Response migration(@PathParam("id") String id) {
    MigrationStatus found = buffer.migrations().find(number(id)).orElseThrow(() -> unknown(id));
    return Replies.ok(json -> MigrationJson.status(found, json));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public void start(InputStream body, @Suspended AsyncResponse reply) {
    try (RequestBody read = RequestBody.read(body, false, 0, bytes -> {})) {
      MigrationBody wanted = MigrationBody.read(read.copy());
      calls.run(reply, () -> wanted.isDryRun() ? planned(wanted) : started(wanted));
    }
  }

  private Response planned(MigrationBody wanted) {
    try {
      MigrationPlan plan = buffer.migrations().plan(wanted.request());
      return Replies.ok(json -> MigrationJson.plan(plan, json));
    } catch (MigrationRefusedException e) {
      throw refused(e);
    }
  }

  private Response started(MigrationBody wanted) {
    try {
      MigrationStatus status = buffer.migrations().start(wanted.request());
      return accepted(status).location(URI.create("/" + PATH + "/" + status.id())).build();
    } catch (MigrationRefusedException e) {
      throw refused(e);
    }
  }

  private static Response.ResponseBuilder accepted(MigrationStatus status) {
    JsonBody body = json -> MigrationJson.status(status, json);
    return Response.accepted(body).type(MediaType.APPLICATION_JSON_TYPE);
  }

  @POST
  @Path("{id}/rollback")
  public void rollBack(@PathParam("id") String id, @Suspended AsyncResponse reply) {
    long number = number(id);
    calls.run(reply, () -> changed(id, number, buffer.migrations()::rollBack));
  }

  @POST
  @Path("{id}/cancel")
  public void cancel(@PathParam("id") String id, @Suspended AsyncResponse reply) {
    long number = number(id);
    calls.run(reply, () -> changed(id, number, buffer.migrations()::cancel));
  }

  private static Response changed(String id, long number, LongFunction<MigrationStatus> change) {
    try {
      return accepted(change.apply(number)).build();
    } catch (NoSuchElementException e) {
      throw unknown(id);
    } catch (MigrationRefusedException e) {
      throw refused(e);
    }
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException e) {
      throw unknown(id);
    }
  }

  private static ProblemException unknown(String id) {
    return Problem.of(
            404,
            "MIGRATION_NOT_FOUND",
            "There is no migration with id '" + id + "'; GET /" + PATH + " lists them")
        .with("id", id)
        .exception();
  }

  private static ProblemException refused(MigrationRefusedException thrown) {
    int status =
        switch (thrown.code()) {
          case "MIGRATION_RUNNING",
              "MIGRATION_NOT_RUNNING",
              "MIGRATION_NOT_REVERSIBLE",
              "SWAP_UNDER_WAY",
              "SOURCE_INCOMPLETE" ->
              409;
          case "NOT_READY" -> 503;
          default -> 422;
        };
    return Problem.of(status, thrown.code(), thrown.getMessage()).exception();
  }
}
