package org.larder.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Why a request was not served, as RFC 9457 has it: the body of every error reply. Immutable: the
 * methods that begin with {@code with} return a changed copy.
 *
 * <p>On the wire: {@code type}, {@code title}, {@code status}, {@code code} and the same as {@code
 * error_code}, {@code detail}, {@code errors} and whatever {@link #with members} were added.
 */
public final class Problem {
  /** The media type of every error reply. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private final int status;
  private final String code;
  private final String detail;
  private List<FieldError> errors = List.of();
  private Map<String, Object> members = Map.of();
  private Map<String, String> headers = Map.of();

  /**
   * What is wrong with one field or parameter.
   *
   * @param field its name; empty if the request as a whole is meant
   * @param message a sentence without the value itself
   */
  public record FieldError(String field, String message) {}

  private Problem(int status, String code, String detail) {
    this.status = status;
    this.code = Objects.requireNonNull(code, "code");
    this.detail = Objects.requireNonNull(detail, "detail");
  }

  private Problem(Problem other) {
    this(other.status, other.code, other.detail);
    errors = other.errors;
    members = other.members;
    headers = other.headers;
  }

  /**
   * A problem.
   *
   * @param status of HTTP, 400 or more
   * @param code stable, from {@code docs/error-codes.md}
   * @param detail a sentence fit to be shown to the client
   */
  public static Problem of(int status, String code, String detail) {
    return new Problem(status, code, detail);
  }

  /** 422: something in the request is not valid; {@link #withErrors} says what. */
  public static Problem invalid(String detail) {
    return of(422, "VALIDATION_FAILED", detail);
  }

  /**
   * 404, naming what was asked for.
   *
   * @param code such as {@code SESSION_NOT_FOUND}
   * @param field the name of the identifier, such as {@code session_id}
   * @param id what was asked for
   */
  public static Problem notFound(String code, String field, String id) {
    return of(404, code, "There is no record with " + field + " '" + id + "'").with(field, id);
  }

  /** With what is wrong with single fields. */
  public Problem withErrors(List<FieldError> fieldErrors) {
    Problem copy = new Problem(this);
    copy.errors = List.copyOf(fieldErrors);
    return copy;
  }

  /** With one thing more that is wrong with a field. */
  public Problem withError(String field, String message) {
    List<FieldError> more = new ArrayList<>(errors);
    more.add(new FieldError(field, message));
    return withErrors(more);
  }

  /**
   * With a member of its own beside the standard ones.
   *
   * @param value a string, a number, a boolean or a {@link JsonBody}
   */
  public Problem with(String member, Object value) {
    Problem copy = new Problem(this);
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(member, value);
    copy.members = more;
    return copy;
  }

  /** With a header of the reply, such as {@code Retry-After}. */
  public Problem withHeader(String name, String value) {
    Problem copy = new Problem(this);
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    copy.headers = more;
    return copy;
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }

  /** The stable code. */
  public String code() {
    return code;
  }

  /** A sentence fit to be shown to the client. */
  public String detail() {
    return detail;
  }

  /** What is wrong with single fields. */
  public List<FieldError> errors() {
    return errors;
  }

  /** Headers of the reply besides the content type. */
  public Map<String, String> headers() {
    return headers;
  }

  /** This problem as something to throw. */
  public ProblemException exception() {
    return new ProblemException(this);
  }

  /** Writes the problem as one JSON object. */
  public void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "urn:larder:error:" + code);
    json.writeStringField("title", StatusTitle.of(status));
    json.writeNumberField("status", status);
    json.writeStringField("code", code);
    json.writeStringField("error_code", code);
    json.writeStringField("detail", detail);
    json.writeArrayFieldStart("errors");
    for (FieldError error : errors) {
      json.writeStartObject();
      json.writeStringField("field", error.field());
      json.writeStringField("message", error.message());
      json.writeEndObject();
    }
    json.writeEndArray();
    for (Map.Entry<String, Object> member : members.entrySet()) {
      json.writeFieldName(member.getKey());
      if (member.getValue() instanceof JsonBody body) {
        body.write(json);
      } else {
        json.writeObject(member.getValue());
      }
    }
    json.writeEndObject();
  }
}
