package org.larder.rest.internal;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.larder.rest.Json;
import org.larder.rest.Problem;

/**
 * Makes problems of the errors that Jetty finds before any servlet is chosen: a malformed address,
 * headers that are too large, or that there are no servlets at all. A 404 from here means the
 * latter, since once the node has started a REST application answers every path; it becomes a 503,
 * so that no client takes a starting node for one that lacks what it asks for. Free for any thread.
 */
final class JettyErrors extends ErrorHandler {
  private static final int NO_SERVLET = 404;
  private static final int NOT_READY = 503;

  /** Every method is told why; else DELETE and PUT would get a bare status past this handler. */
  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      String message,
      Throwable cause,
      Callback callback) {
    Problem problem = ProblemReply.ofStatus(code == NO_SERVLET ? NOT_READY : code);
    response.setStatus(problem.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    problem.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    response.write(true, ByteBuffer.wrap(Json.bytes(problem::write)), callback);
  }
}
