package org.larder.rest.internal;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.larder.buffer.BufferControl;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.FollowerStatus;
import org.larder.rest.BufferFigures;
import org.larder.rest.JsonBody;

/** How the node is. Free for any thread. */
@Path("health")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {
  private final BufferControl buffer;
  private final Supplier<List<HealthCheck>> readiness;
  private final String version = NodeVersion.get();

  HealthResource(BufferControl buffer, Supplier<List<HealthCheck>> readiness) {
    this.buffer = buffer;
    this.readiness = readiness;
  }

  @GET
  public Response health() {
    BufferStatus status = buffer.status();
    HealthWord word = HealthWord.of(status);
    BufferFigures figures = BufferFigures.of(status, buffer.collections());
    JsonBody body =
        json -> {
          json.writeStartObject();
          json.writeStringField("status", word.name().toLowerCase(Locale.ROOT));
          json.writeStringField("database", HealthWord.database(status));
          json.writeFieldName("buffer");
          figures.write(json);
          json.writeNumberField(
              "dead_letters",
              status.followers().stream().mapToInt(FollowerStatus::deadLetters).sum());
          json.writeNumberField(
              "uptime_seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
          json.writeStringField("version", version);
          json.writeEndObject();
        };
    return reply(word != HealthWord.UNHEALTHY, body);
  }

  @GET
  @Path("live")
  public Response live() {
    return reply(
        true,
        json -> {
          json.writeStartObject();
          json.writeStringField("status", "live");
          json.writeEndObject();
        });
  }

  @GET
  @Path("ready")
  public Response ready() {
    List<String> waiting = new ArrayList<>();
    for (HealthCheck check : readiness.get()) {
      Result result = check.execute();
      if (!result.isOk()) {
        for (ResultLog.Entry entry : result) {
          waiting.add(entry.getMessage());
        }
      }
    }
    return reply(
        waiting.isEmpty(),
        json -> {
          json.writeStartObject();
          json.writeStringField("status", waiting.isEmpty() ? "ready" : "not ready");
          json.writeArrayFieldStart("waiting_for");
          for (String reason : waiting) {
            json.writeString(reason);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static Response reply(boolean fine, JsonBody body) {
    return Response.status(fine ? 200 : 503)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header("Cache-Control", "no-store")
        .entity(body)
        .build();
  }
}
