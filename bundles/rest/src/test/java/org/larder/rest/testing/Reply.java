package org.larder.rest.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpResponse;

/** What a server replied. */
public record Reply(HttpResponse<String> response) {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** The status of HTTP. */
  public int status() {
    return response.statusCode();
  }

  /** A header, null if there is none. */
  public String header(String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  /** The body as text. */
  public String text() {
    return response.body();
  }

  /** The body as JSON. */
  public JsonNode json() {
    try {
      return MAPPER.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Not JSON: " + response.body(), e);
    }
  }
}
