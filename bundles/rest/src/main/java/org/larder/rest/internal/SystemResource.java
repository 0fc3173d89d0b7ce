package org.larder.rest.internal;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.larder.rest.Replies;

/** Metrics, configuration and documentation of the node. Free for any thread. */
@Path("")
public final class SystemResource {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final MetricsText metrics;
  private final ConfigurationJson configuration;
  private final OpenApiDocument openApi;

  SystemResource(MetricsText metrics, ConfigurationJson configuration, OpenApiDocument openApi) {
    this.metrics = metrics;
    this.configuration = configuration;
    this.openApi = openApi;
  }

  @GET
  @Path("metrics")
  @Produces("text/plain")
  public Response metrics() {
    return Response.ok(metrics.text(), PROMETHEUS).build();
  }

  @GET
  @Path("api/v1/system/metrics")
  @Produces("text/plain")
  public Response systemMetrics() {
    return metrics();
  }

  @GET
  @Path("api/v1/system/config")
  @Produces(MediaType.APPLICATION_JSON)
  public Response config() {
    return Replies.ok(configuration.body());
  }

  @GET
  @Path("openapi.json")
  @Produces(MediaType.APPLICATION_JSON)
  public Response openApi() {
    return Response.ok(openApi.bytes(), MediaType.APPLICATION_JSON_TYPE).build();
  }

  @GET
  @Path("docs")
  @Produces(MediaType.TEXT_HTML)
  public Response docs() {
    return Response.ok(openApi.page(), "text/html; charset=utf-8")
        .header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
                + " connect-src 'self'")
        .build();
  }
}
