package org.larder.rest.internal;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.larder.rest.Json;
import org.larder.rest.Problem;

/** Sends problems from where there is no REST application: filters and error pages. */
final class ProblemReply {
  private ProblemReply() {}

  static void send(HttpServletResponse response, Problem problem) throws IOException {
    byte[] body = Json.bytes(problem::write);
    response.setStatus(problem.status());
    response.setContentType(Problem.MEDIA_TYPE);
    problem.headers().forEach(response::setHeader);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  /** A problem for a status that came without one. */
  static Problem ofStatus(int status) {
    return switch (status) {
      case 400 -> Problem.of(400, "BAD_REQUEST", "The request is malformed");
      case 404 -> Problem.of(404, "NOT_FOUND", "There is nothing here");
      case 405 -> Problem.of(405, "METHOD_NOT_ALLOWED", "This resource does not allow the method");
      case 408 -> Problem.of(408, "REQUEST_TIMEOUT", "The request did not arrive in time");
      case 413 -> Problem.of(413, "TOO_LARGE", "The request is too large");
      case 414 -> Problem.of(414, "TOO_LARGE", "The address is too long");
      case 415 -> Problem.of(415, "UNSUPPORTED_MEDIA_TYPE", "The body is of no type read here");
      case 431 -> Problem.of(431, "TOO_LARGE", "The headers are too large");
      case 500 ->
          Problem.of(
              500, "INTERNAL_ERROR", "The request failed for a reason that is in the node's log");
      case 503 ->
          Problem.of(503, "NOT_READY", "The node is starting or stopping")
              .withHeader("Retry-After", "1");
      default -> Problem.of(status, "HTTP_" + status, "The request was refused");
    };
  }
}
