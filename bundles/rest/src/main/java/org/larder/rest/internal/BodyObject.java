package org.larder.rest.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.larder.rest.Json;
import org.larder.rest.Malformed;
import org.larder.rest.Problem;
import org.larder.rest.ProblemException;

/**
 * A request's body that has to be one object with certain members. Immutable.
 *
 * @param complaint what is said of a body that is none, as a sentence without a full stop
 */
record BodyObject(String complaint) {
  /** Takes the members one after the other. */
  interface Member {
    /** Reads a member's value, at which the parser stands, to its end. */
    void read(String name, JsonParser json) throws IOException;
  }

  /**
   * Reads a body.
   *
   * @throws ProblemException 400 if it is no JSON, 413 beyond the limits of a request, 422 if it is
   *     no object
   */
  void read(byte[] bytes, Member member) {
    try (JsonParser json = Json.factory().createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw invalid("", "has to be an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        member.read(name, json);
      }
      if (json.nextToken() != null) {
        throw invalid("", "has to be one object, and nothing behind it");
      }
    } catch (IOException e) {
      throw Malformed.of(e);
    }
  }

  /**
   * A text, and not an empty one.
   *
   * @param kind what it has to be, for the complaint: {@code a text}
   */
  String text(String name, String kind, JsonParser json) throws IOException {
    if (!json.hasToken(JsonToken.VALUE_STRING)) {
      throw invalid(name, "has to be " + kind);
    }
    if (json.getText().isBlank()) {
      throw invalid(name, "is empty");
    }
    return json.getText();
  }

  /** The value of a member that may not be missing. */
  String required(String name, String value) {
    if (value == null) {
      throw invalid(name, "is required");
    }
    return value;
  }

  /**
   * 422 for a member that there is not: an order is not carried out without what was said with it.
   *
   * @param known the members that there are, for the complaint
   */
  ProblemException unknown(String name, String known) {
    return invalid(name, "is not known here; there are " + known);
  }

  /** 422, with what is wrong with a member. */
  ProblemException invalid(String name, String message) {
    return Problem.invalid(complaint).withError(name, message).exception();
  }
}
