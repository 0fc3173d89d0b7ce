package org.larder.bench.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A reply with its body.
 *
 * @param status the HTTP status
 * @param text the body as UTF-8
 */
public record Reply(int status, String text) {
  private static final JsonMapper MAPPER = new JsonMapper();

  static Reply of(ReplyParser parser) {
    return new Reply(parser.status(), new String(parser.body(), StandardCharsets.UTF_8));
  }

  /** This reply, if it has that status; else the measurement cannot go on. */
  public Reply expecting(int expected) throws IOException {
    if (status != expected) {
      String begin = text.substring(0, Math.min(500, text.length()));
      throw new IOException("expected " + expected + ", the node answered " + status + " " + begin);
    }
    return this;
  }

  /** The body as JSON. */
  public JsonNode json() throws IOException {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IOException("a reply is not JSON: " + text, e);
    }
  }
}
