package org.larder.rest.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationRequest.End;
import org.larder.rest.ProblemException;

/**
 * What a request's body asks for: {@code collection, from, to}, and how it shall end. For one
 * thread.
 */
final class MigrationBody {
  private static final BodyObject OBJECT = new BodyObject("The body is no migration");

  private String collection;
  private String from;
  private String to;
  private End end = End.AUTOMATIC;
  private boolean dryRun;

  private MigrationBody() {}

  /**
   * Reads a body.
   *
   * @throws ProblemException 400 if it is no JSON, 422 if it is no migration
   */
  static MigrationBody read(byte[] bytes) {
    MigrationBody body = new MigrationBody();
    OBJECT.read(bytes, body::member);
    OBJECT.required("collection", body.collection);
    OBJECT.required("from", body.from);
    OBJECT.required("to", body.to);
    return body;
  }

  private void member(String name, JsonParser json) throws IOException {
    switch (name) {
      case "collection" -> collection = text(name, json);
      case "from" -> from = text(name, json);
      case "to" -> to = text(name, json);
      case "end" -> end = end(text(name, json));
      case "dry_run" -> dryRun = flag(name, json);
      default -> throw OBJECT.unknown(name, "collection, from, to, end and dry_run");
    }
  }

  private static End end(String word) {
    return switch (word) {
      case "automatic" -> End.AUTOMATIC;
      case "primary" -> End.PRIMARY;
      case "mirror" -> End.MIRROR;
      default -> throw OBJECT.invalid("end", "has to be automatic, primary or mirror");
    };
  }

  private static boolean flag(String name, JsonParser json) {
    if (json.currentToken() != JsonToken.VALUE_TRUE
        && json.currentToken() != JsonToken.VALUE_FALSE) {
      throw OBJECT.invalid(name, "has to be true or false");
    }
    return json.currentToken() == JsonToken.VALUE_TRUE;
  }

  private static String text(String name, JsonParser json) throws IOException {
    return OBJECT.text(name, "a text", json);
  }

  MigrationRequest request() {
    return new MigrationRequest(collection, from, to, end);
  }

  /** True if nothing is to be changed. */
  boolean isDryRun() {
    return dryRun;
  }
}
