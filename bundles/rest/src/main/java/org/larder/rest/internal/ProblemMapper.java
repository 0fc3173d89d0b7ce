package org.larder.rest.internal;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.time.Duration;
import org.larder.buffer.BufferException;
import org.larder.rest.JsonBody;
import org.larder.rest.Problem;
import org.larder.rest.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever ends a request into a problem. Stateless and free for any thread. */
public final class ProblemMapper implements ExceptionMapper<Throwable> {
  private static final Logger log = LoggerFactory.getLogger(ProblemMapper.class);

  @Context private UriInfo uri;

  @Override
  public Response toResponse(Throwable thrown) {
    Problem problem = problem(thrown);
    Response.ResponseBuilder reply =
        Response.status(problem.status())
            .type(Problem.MEDIA_TYPE)
            .entity((JsonBody) problem::write);
    problem.headers().forEach(reply::header);
    return reply.build();
  }

  private Problem problem(Throwable thrown) {
    if (thrown instanceof ProblemException known) {
      return known.problem();
    }
    if (thrown instanceof BufferException buffer) {
      return ofBuffer(buffer);
    }
    if (thrown instanceof WebApplicationException web && web.getResponse().getStatus() < 500) {
      return ofContainer(web);
    }
    log.error("A request to {} failed unexpectedly", uri.getPath(), thrown);
    return Problem.of(
        500, "INTERNAL_ERROR", "The request failed for a reason that is in the node's log");
  }

  /** What the buffer says, as a problem. */
  static Problem ofBuffer(BufferException thrown) {
    int status = thrown.reason() == BufferException.Reason.DISK_FULL ? 507 : 503;
    Duration wait = thrown.retryAfter();
    long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    return Problem.of(status, thrown.reason().code(), thrown.getMessage())
        .withHeader("Retry-After", Long.toString(seconds));
  }

  private Problem ofContainer(WebApplicationException thrown) {
    int status = thrown.getResponse().getStatus();
    if (thrown instanceof NotFoundException) {
      return Problem.of(404, "NOT_FOUND", "There is nothing at " + path()).with("path", path());
    }
    if (thrown instanceof NotAllowedException) {
      String allow = thrown.getResponse().getHeaderString(HttpHeaders.ALLOW);
      return Problem.of(405, "METHOD_NOT_ALLOWED", "This resource allows " + allow)
          .withHeader(HttpHeaders.ALLOW, allow);
    }
    if (thrown instanceof NotAcceptableException) {
      return Problem.of(406, "NOT_ACCEPTABLE", "This resource is not available in a type accepted");
    }
    if (thrown instanceof NotSupportedException) {
      return Problem.of(
          415, "UNSUPPORTED_MEDIA_TYPE", "The body's Content-Type is not one that is read here");
    }
    if (thrown instanceof BadRequestException) {
      return Problem.of(400, "BAD_REQUEST", "The request is malformed");
    }
    return Problem.of(status, "HTTP_" + status, "The request was refused");
  }

  private String path() {
    return uri.getRequestUri().getPath();
  }
}
