package org.larder.rest.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.larder.buffer.Route;
import org.larder.rest.Json;
import org.larder.rest.Problem;
import org.larder.rest.ProblemException;

/** A route as a request's body has it: {@code primary, mirrors, read_from}. For one thread. */
final class RouteBody {
  private String primary;
  private List<String> mirrors = List.of();
  private String readFrom;

  private RouteBody() {}

  /**
   * Reads a body.
   *
   * @throws ProblemException 400 if it is no JSON, 422 if it is no route
   */
  static Route read(byte[] bytes, String collection) {
    RouteBody body = new RouteBody();
    try (JsonParser json = Json.factory().createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw invalid("", "has to be an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        body.member(name, json);
      }
    } catch (IOException e) {
      throw Problem.of(400, "MALFORMED_JSON", "The body is not well-formed JSON").exception();
    }
    if (body.primary == null) {
      throw invalid("primary", "is required");
    }
    return new Route(collection, body.primary, body.mirrors, Optional.ofNullable(body.readFrom));
  }

  private void member(String name, JsonParser json) throws IOException {
    switch (name) {
      case "primary" -> primary = text(name, json);
      case "read_from" -> readFrom = json.hasToken(JsonToken.VALUE_NULL) ? null : text(name, json);
      case "mirrors" -> mirrors = texts(name, json);
      default -> json.skipChildren();
    }
  }

  private static List<String> texts(String name, JsonParser json) throws IOException {
    if (!json.hasToken(JsonToken.START_ARRAY)) {
      throw invalid(name, "has to be a list of names");
    }
    List<String> texts = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      texts.add(text(name, json));
    }
    return texts;
  }

  private static String text(String name, JsonParser json) throws IOException {
    if (!json.hasToken(JsonToken.VALUE_STRING)) {
      throw invalid(name, "has to be the name of a backend");
    }
    return json.getText();
  }

  private static ProblemException invalid(String field, String message) {
    return Problem.invalid("The body is no route").withError(field, message).exception();
  }
}
