package org.larder.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.Durability;
import org.larder.buffer.Intake;
import org.larder.buffer.Submission;
import org.larder.storage.model.Limits;

/**
 * Takes batches of one collection's items: the whole of a {@code POST …/batch}. Immutable and free
 * for any thread.
 *
 * <p>The body is {@code {"<name>": [item, …]}} or, as {@code application/x-ndjson}, one item a
 * line; identity or gzip. Items are merged into what is stored. A bad item is reported and does not
 * sink its neighbours.
 */
public final class BatchEndpoint {
  /** One item a line. */
  public static final String NDJSON = "application/x-ndjson";

  /** Asks for a durability, and says which was reached. */
  public static final String DURABILITY_HEADER = "X-Durability";

  /** How long an acknowledgement waits for the backend where that was asked for. */
  private static final Duration BACKEND_PATIENCE = Duration.ofSeconds(10);

  private static final int ERRORS_SHOWN = 100;

  private final Intake intake;
  private final String arrayName;
  private final ItemFormat format;

  /**
   * Takes batches.
   *
   * @param arrayName the member of a JSON body that holds the items
   * @param format how an item is read
   */
  public BatchEndpoint(Intake intake, String arrayName, ItemFormat format) {
    this.intake = intake;
    this.arrayName = arrayName;
    this.format = format;
  }

  /**
   * Takes a batch: 202 with what was taken and what was not; 422 if nothing could be taken.
   *
   * @throws ProblemException if the body is no batch at all
   */
  public Response post(HttpHeaders headers, InputStream in) {
    Durability wanted = durability(headers);
    boolean gzip = isGzip(headers);
    long expected = gzip ? 0 : Math.max(0, contentLength(headers));
    if (expected > Limits.REQUEST_BYTES) {
      throw Malformed.tooLarge();
    }
    try (Submission submission = begin(expected);
        RequestBody body = RequestBody.read(in, gzip, expected, submission::reserve)) {
      long nowMicros = intake.nowMicros();
      BatchReader reader = new BatchReader(format, body, submission, nowMicros);
      if (isNdjson(headers)) {
        reader.readLines();
      } else {
        reader.readArray(arrayName);
      }
      if (submission.size() == 0) {
        throw nothing(reader).exception();
      }
      return reply(submission.commit(wanted, BACKEND_PATIENCE), reader.rejected(), nowMicros);
    }
  }

  private Submission begin(long expected) {
    try {
      return intake.begin(format.schema().name(), expected);
    } catch (NoSuchElementException e) {
      throw Problem.of(503, "NOT_READY", "The collection is not known yet; the node is starting")
          .withHeader("Retry-After", "1")
          .exception();
    }
  }

  private Response reply(Acknowledgement done, List<RejectedItem> rejected, long nowMicros) {
    String durability = done.reached().wireName();
    JsonBody body =
        json -> {
          json.writeStartObject();
          json.writeStringField("status", rejected.isEmpty() ? "accepted" : "partial");
          json.writeNumberField("count", done.count());
          json.writeStringField("timestamp", Instants.format(nowMicros));
          json.writeStringField("durability", durability);
          json.writeStringField("receipt", done.receipt());
          json.writeFieldName("rejected");
          write(json, rejected);
          json.writeEndObject();
        };
    return Response.status(Response.Status.ACCEPTED)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(DURABILITY_HEADER, durability)
        .entity(body)
        .build();
  }

  private Problem nothing(BatchReader reader) {
    List<RejectedItem> rejected = reader.rejected();
    if (reader.seen() == 0) {
      return Problem.invalid("The batch has no items")
          .withError(arrayName, "has to have 1 to " + Limits.REQUEST_ITEMS + " items");
    }
    return Problem.invalid("None of the items is valid")
        .withErrors(rejected.stream().limit(ERRORS_SHOWN).map(this::error).toList())
        .with("rejected", (JsonBody) json -> write(json, rejected));
  }

  private Problem.FieldError error(RejectedItem item) {
    String path = arrayName + "[" + item.index() + "]";
    String field = item.field().isEmpty() ? path : path + "." + item.field();
    return new Problem.FieldError(field, item.message());
  }

  private static void write(JsonGenerator json, List<RejectedItem> rejected) throws IOException {
    json.writeStartArray();
    for (RejectedItem item : rejected) {
      item.write(json);
    }
    json.writeEndArray();
  }

  private static Durability durability(HttpHeaders headers) {
    String wanted = headers.getHeaderString(DURABILITY_HEADER);
    if (wanted == null || wanted.isBlank()) {
      return Durability.JOURNAL;
    }
    try {
      return Durability.ofWireName(wanted.strip());
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("The header " + DURABILITY_HEADER + " is not valid")
          .withError(DURABILITY_HEADER, "is not one of memory, journal, backend")
          .exception();
    }
  }

  private static boolean isNdjson(HttpHeaders headers) {
    String type = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
    return type != null && type.toLowerCase(Locale.ROOT).contains("ndjson");
  }

  private static boolean isGzip(HttpHeaders headers) {
    String encoding = headers.getHeaderString(HttpHeaders.CONTENT_ENCODING);
    if (encoding == null || encoding.isBlank() || encoding.strip().equalsIgnoreCase("identity")) {
      return false;
    }
    if (encoding.strip().equalsIgnoreCase("gzip") || encoding.strip().equalsIgnoreCase("x-gzip")) {
      return true;
    }
    throw Problem.of(415, "UNSUPPORTED_ENCODING", "A body is sent as it is, or as gzip")
        .withHeader("Accept-Encoding", "gzip, identity")
        .exception();
  }

  private static long contentLength(HttpHeaders headers) {
    String length = headers.getHeaderString(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
