package org.larder.rest.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.larder.buffer.BackendStatus;
import org.larder.buffer.BufferControl;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.FollowerStatus;
import org.larder.rest.Instants;
import org.larder.rest.JsonBody;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.Version;

/** How the node is. Free for any thread. */
@Path("health")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {
  private final BufferControl buffer;
  private final String version;

  HealthResource(BufferControl buffer) {
    this.buffer = buffer;
    this.version = version();
  }

  private static String version() {
    Bundle bundle = FrameworkUtil.getBundle(HealthResource.class);
    Version version = bundle == null ? Version.emptyVersion : bundle.getVersion();
    return version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
  }

  @GET
  public Response health() {
    BufferStatus status = buffer.status();
    String word = word(status);
    JsonBody body =
        json -> {
          json.writeStartObject();
          json.writeStringField("status", word);
          json.writeStringField("database", database(status));
          json.writeFieldName("buffer");
          writeBuffer(status, json);
          json.writeNumberField(
              "uptime_seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
          json.writeStringField("version", version);
          json.writeEndObject();
        };
    return Response.status(word.equals("unhealthy") ? 503 : 200)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(body)
        .build();
  }

  @GET
  @Path("live")
  public Response live() {
    return Response.ok((JsonBody) json -> word("live", json)).build();
  }

  @GET
  @Path("ready")
  public Response ready() {
    boolean ready = buffer.status().ready();
    JsonBody body = json -> word(ready ? "ready" : "not ready", json);
    return Response.status(ready ? 200 : 503)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(body)
        .build();
  }

  private static void word(String status, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("status", status);
    json.writeEndObject();
  }

  /** Unhealthy when writes cannot be taken; degraded while something behind them is away. */
  private static String word(BufferStatus status) {
    if (status.journal().liveBytes() >= status.journal().maxBytes()) {
      return "unhealthy";
    }
    boolean fine =
        !status.followers().isEmpty()
            && status.followers().stream()
                .allMatch(f -> f.state() == FollowerStatus.State.FOLLOWING)
            && database(status).equals("up");
    return fine ? "healthy" : "degraded";
  }

  private static String database(BufferStatus status) {
    return primary(status).map(BackendStatus::condition).orElse("down");
  }

  private static Optional<BackendStatus> primary(BufferStatus status) {
    return status.backends().stream().filter(BackendStatus::primary).findFirst();
  }

  private static void writeBuffer(BufferStatus status, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, Long> pending : new TreeMap<>(status.pending()).entrySet()) {
      String collection = pending.getKey();
      String word = collection.substring(collection.lastIndexOf('_') + 1);
      json.writeNumberField(word + "_count", pending.getValue());
    }
    json.writeNumberField("total_count", status.pendingTotal());
    json.writeNumberField("capacity", status.capacity());
    json.writeNumberField("usage_percent", usagePercent(status));
    json.writeStringField("last_flush", status.lastFlush().map(Instants::format).orElse(null));
    json.writeEndObject();
  }

  private static double usagePercent(BufferStatus status) {
    return Math.round(10_000.0 * status.pendingTotal() / status.capacity()) / 100.0;
  }
}
