package org.larder.rest.internal;

import com.fasterxml.jackson.core.JsonGenerator;
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
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.larder.buffer.BufferControl;
import org.larder.buffer.FlushResult;
import org.larder.buffer.FollowerStatus;
import org.larder.rest.LongCalls;
import org.larder.rest.Problem;
import org.larder.rest.QueryParameters;
import org.larder.rest.Replies;

/** The operators' calls, twins of the shell's. Free for any thread. */
@Path("api/v1/admin")
@Produces(MediaType.APPLICATION_JSON)
public final class AdminResource {
  private static final Duration FLUSH_DEADLINE = Duration.ofSeconds(30);
  private static final String ADOPT_WARNING =
      "Adopting takes the store as it is: records that neither it nor the journal has are missing"
          + " from then on; that of a mirror becomes a copy of its primary. Put the right store back"
          + " if there is one; else repeat with yes=true";

  private final BufferControl buffer;
  private final LongCalls calls;

  AdminResource(BufferControl buffer, LongCalls calls) {
    this.buffer = buffer;
    this.calls = calls;
  }

  /** Writes one element of a list. */
  private interface ElementWriter<T> {
    void write(T element, JsonGenerator json) throws IOException;
  }

  private static <T> Response list(String name, List<T> elements, ElementWriter<T> writer) {
    return Replies.ok(
        json -> {
          json.writeStartObject();
          json.writeNumberField("count", elements.size());
          json.writeArrayFieldStart(name);
          for (T element : elements) {
            writer.write(element, json);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  @GET
  @Path("backends")
  public Response backends() {
    return list("backends", buffer.status().backends(), StatusJson::backend);
  }

  @GET
  @Path("followers")
  public Response followers() {
    return list("followers", buffer.status().followers(), StatusJson::follower);
  }

  @POST
  @Path("followers/{name}/adopt")
  public Response adopt(@PathParam("name") String name, @Context UriInfo uri) {
    FollowerStatus follower =
        buffer.status().followers().stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(() -> NotFound.follower(name));
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    boolean isMeant = parameters.oneOf("yes", List.of("true")).isPresent();
    if (!isMeant && follower.state() != FollowerStatus.State.STALE) {
      throw Problem.invalid(ADOPT_WARNING).withError("yes", "has to be true").exception();
    }
    if (!follower.state().isAdoptable()) {
      return adoption("not halted", name);
    }
    try {
      buffer.adopt(name);
    } catch (NoSuchElementException e) {
      throw NotFound.follower(name);
    }
    return adoption("adopted", name);
  }

  private static Response adoption(String status, String follower) {
    return Replies.ok(
        json -> {
          json.writeStartObject();
          json.writeStringField("status", status);
          json.writeStringField("follower", follower);
          json.writeEndObject();
        });
  }

  @GET
  @Path("buffer")
  public Response bufferStatus() {
    var status = buffer.status();
    return Replies.ok(json -> StatusJson.buffer(status, json));
  }

  @GET
  @Path("collections")
  public Response collections() {
    Map<String, Long> pending = buffer.status().pending();
    return list(
        "collections",
        buffer.collections(),
        (schema, json) ->
            StatusJson.collection(schema, pending.getOrDefault(schema.name(), 0L), json));
  }

  @GET
  @Path("recovery")
  public Response recovery() {
    var recovery = buffer.recovery();
    return Replies.ok(json -> StatusJson.recovery(recovery, json));
  }

  @POST
  @Path("flush")
  public void flush(@Suspended AsyncResponse reply) {
    calls.run(reply, () -> flushed(buffer.flush(FLUSH_DEADLINE)));
  }

  private static Response flushed(FlushResult result) {
    return Replies.ok(
        json -> {
          json.writeStartObject();
          json.writeStringField("status", result.written().isEmpty() ? "empty" : "flushed");
          json.writeObjectFieldStart("written");
          for (Map.Entry<String, Long> entry : new TreeMap<>(result.written()).entrySet()) {
            json.writeNumberField(entry.getKey(), entry.getValue());
          }
          json.writeEndObject();
          json.writeNumberField("duration_ms", result.took().toMillis());
          json.writeEndObject();
        });
  }
}
