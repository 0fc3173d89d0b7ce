package org.larder.rest.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.larder.buffer.Route;
import org.larder.rest.ProblemException;

/**
 * A route as a request's body has it: {@code primary, mirrors, read_from}. What a reply has besides
 * may be sent back and counts for nothing. For one thread.
 */
final class RouteBody {
  private static final BodyObject OBJECT = new BodyObject("The body is no route");

  private String primary;
  private List<String> mirrors = List.of();
  private String readFrom;

  private RouteBody() {}

  /**
   * Reads a body.
   *
   * @throws ProblemException 400 if it is no JSON, 413 if it is beyond the limits, 422 if it is no
   *     route
   */
  static Route read(byte[] bytes, String collection) {
    RouteBody body = new RouteBody();
    OBJECT.read(bytes, body::member);
    String primary = OBJECT.required("primary", body.primary);
    return new Route(collection, primary, body.mirrors, Optional.ofNullable(body.readFrom));
  }

  private void member(String name, JsonParser json) throws IOException {
    switch (name) {
      case "primary" -> primary = text(name, json);
      case "read_from" -> readFrom = json.hasToken(JsonToken.VALUE_NULL) ? null : text(name, json);
      case "mirrors" -> mirrors = texts(name, json);
      case "collection", "source", "copies" -> json.skipChildren();
      default ->
          throw OBJECT.unknown(
              name,
              "primary, mirrors and read_from; on_lag.<mirror> and apply_deletes.<mirror> stand in"
                  + " larder.routes.cfg");
    }
  }

  private static List<String> texts(String name, JsonParser json) throws IOException {
    if (!json.hasToken(JsonToken.START_ARRAY)) {
      throw OBJECT.invalid(name, "has to be a list of names");
    }
    List<String> texts = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      texts.add(text(name, json));
    }
    return texts;
  }

  private static String text(String name, JsonParser json) throws IOException {
    return OBJECT.text(name, "the name of a backend", json);
  }
}
