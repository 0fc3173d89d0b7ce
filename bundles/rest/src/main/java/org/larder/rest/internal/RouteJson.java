package org.larder.rest.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.Route;
import org.larder.buffer.RouteStatus;

/** Writes routes as JSON. */
final class RouteJson {
  private RouteJson() {}

  static void route(RouteStatus status, JsonGenerator json) throws IOException {
    Route route = status.route();
    json.writeStartObject();
    json.writeStringField("collection", route.collection());
    json.writeStringField("primary", route.primary());
    json.writeArrayFieldStart("mirrors");
    for (String mirror : route.mirrors()) {
      json.writeString(mirror);
    }
    json.writeEndArray();
    json.writeStringField("read_from", route.readFrom().orElse(null));
    json.writeStringField("source", status.source());
    json.writeArrayFieldStart("copies");
    for (RouteStatus.Copy copy : status.copies()) {
      copy(copy, route, json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void copy(RouteStatus.Copy copy, Route route, JsonGenerator json)
      throws IOException {
    FollowerStatus follower = copy.follower();
    boolean mirror = !copy.backend().equals(route.primary());
    json.writeStartObject();
    json.writeStringField("backend", copy.backend());
    json.writeStringField("role", mirror ? "mirror" : "primary");
    json.writeStringField("completeness", word(copy.completeness()));
    json.writeStringField("seeding", copy.collection().isEmpty() ? null : copy.collection());
    json.writeNumberField("seeded_records", copy.seeded());
    json.writeNumberField("lag", follower.lag());
    json.writeStringField("state", word(follower.state()));
    json.writeStringField("code", follower.code());
    json.writeStringField("message", follower.message());
    if (mirror) {
      json.writeStringField("on_lag", word(copy.options().onLag()));
      json.writeStringField("apply_deletes", word(copy.options().deletes()));
    }
    json.writeEndObject();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
