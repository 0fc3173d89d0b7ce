package org.larder.rest.internal;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import java.util.List;
import org.larder.buffer.BufferControl;
import org.larder.buffer.Route;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteStatus;
import org.larder.rest.LongCalls;
import org.larder.rest.Problem;
import org.larder.rest.Replies;
import org.larder.rest.RequestBody;

/** Which backends get which records. Free for any thread. */
@Path("api/v1/admin/routes")
@Produces(MediaType.APPLICATION_JSON)
public final class RouteResource {
  private final BufferControl buffer;
  private final LongCalls calls;

  RouteResource(BufferControl buffer, LongCalls calls) {
    this.buffer = buffer;
    this.calls = calls;
  }

  @GET
  public Response routes() {
    List<RouteStatus> routes = buffer.routes();
    return Replies.ok(
        json -> {
          json.writeStartObject();
          json.writeNumberField("count", routes.size());
          json.writeArrayFieldStart("routes");
          for (RouteStatus route : routes) {
            RouteJson.route(route, json);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  @GET
  @Path("{collection}")
  public Response route(@PathParam("collection") String collection) {
    requireKnown(collection);
    return replyOf(collection);
  }

  private Response replyOf(String collection) {
    List<RouteStatus> routes = buffer.routes();
    RouteStatus found =
        routes.stream()
            .filter(one -> one.route().collection().equals(collection))
            .findFirst()
            .orElse(routes.get(0));
    return Replies.ok(json -> RouteJson.route(found, json));
  }

  private void requireKnown(String collection) {
    if (!collection.equals(Route.ALL) && buffer.collection(collection).isEmpty()) {
      throw NotFound.collection(collection);
    }
  }

  @POST
  @Path("{collection}")
  @Consumes(MediaType.APPLICATION_JSON)
  public void change(
      @PathParam("collection") String collection,
      InputStream body,
      @Suspended AsyncResponse reply) {
    requireKnown(collection);
    try (RequestBody read = RequestBody.read(body, false, 0, bytes -> {})) {
      Route route = RouteBody.read(read.copy(), collection);
      calls.run(reply, () -> changed(() -> buffer.changeRoute(route), collection));
    } catch (RouteRefusedException e) {
      throw refused(e, collection).exception();
    }
  }

  @DELETE
  @Path("{collection}")
  public void remove(@PathParam("collection") String collection, @Suspended AsyncResponse reply) {
    calls.run(reply, () -> changed(() -> buffer.removeRoute(collection), collection));
  }

  private Response changed(Runnable change, String collection) {
    try {
      change.run();
    } catch (RouteRefusedException e) {
      throw refused(e, collection).exception();
    }
    return replyOf(collection);
  }

  private static Problem refused(RouteRefusedException thrown, String collection) {
    int status =
        switch (thrown.code()) {
          case "ROUTE_NOT_FOUND" -> 404;
          case "NOT_SEEDED" -> 409;
          default -> 422;
        };
    return Problem.of(status, thrown.code(), thrown.getMessage()).with("collection", collection);
  }
}
