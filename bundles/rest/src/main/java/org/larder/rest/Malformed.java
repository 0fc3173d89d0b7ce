package org.larder.rest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import org.larder.storage.model.Limits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Problems of bodies that cannot be read; none of them quotes the body. Free for any thread. */
public final class Malformed {
  private static final Logger log = LoggerFactory.getLogger(Malformed.class);

  private Malformed() {}

  /**
   * What a client is told of a body of JSON that could not be read to its end: 413 beyond the
   * limits of a request, otherwise 400.
   *
   * @param cause from a parser of {@link Json#factory}
   */
  public static ProblemException of(IOException cause) {
    if (cause instanceof StreamConstraintsException constraints) {
      return beyondLimits(constraints);
    }
    // What is not even text has no place in it.
    return cause instanceof JsonProcessingException syntax && syntax.getLocation() != null
        ? json(syntax.getLocation())
        : body(cause);
  }

  static ProblemException json(JsonLocation location) {
    return Problem.of(
            400,
            "MALFORMED_JSON",
            "The body is not well-formed JSON: line "
                + location.getLineNr()
                + ", column "
                + location.getColumnNr())
        .with("line", location.getLineNr())
        .with("column", location.getColumnNr())
        .exception();
  }

  private static ProblemException beyondLimits(StreamConstraintsException cause) {
    log.debug("A body beyond the limits of a request", cause);
    return Problem.of(
            413,
            "TOO_LARGE",
            "The body has a text longer than 1 MiB, or is nested too deep for any item")
        .exception();
  }

  static ProblemException body(IOException cause) {
    log.debug("A body that could not be read", cause);
    return Problem.of(400, "MALFORMED_BODY", "The body ended early or could not be read")
        .exception();
  }

  static ProblemException gzip() {
    return Problem.of(400, "MALFORMED_BODY", "The body is not well-formed gzip").exception();
  }

  static ProblemException tooLarge() {
    return Problem.of(
            413,
            "TOO_LARGE",
            "A request has at most " + (Limits.REQUEST_BYTES >> 20) + " MiB, after decompression")
        .exception();
  }
}
