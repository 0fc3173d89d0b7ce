package org.larder.rest.internal;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import java.io.IOException;
import java.io.InputStream;
import org.larder.storage.model.Limits;

/**
 * Reads what a request still has of its body before its reply is sent. The server would close the
 * connection behind the reply, and a client that keeps its connections would send its next request
 * into nothing. Where the body is not waited for the reply says that the connection ends: there is
 * too much of it, its sender has shown no key, or the reply comes from one of the few threads of
 * the long calls. Free for any thread.
 */
public final class UnreadBody implements ContainerResponseFilter {
  private static final String CONNECTION = "Connection";
  private static final String CLOSE = "close";
  private static final String STRANGER = UnreadBody.class.getName() + ".stranger";

  /** What Jetty makes of the headers of a body that it inflates, whose length it leaves out. */
  private static final String INFLATED = "X-Content-Encoding";

  private static final int PIECE = 8 << 10;

  @Context private HttpServletRequest request;

  @Override
  public void filter(ContainerRequestContext asked, ContainerResponseContext reply) {
    boolean waits = request.getAttribute(STRANGER) == null && !request.isAsyncStarted();
    // Asking for a body that is expected would tell the client to send it.
    boolean expected = request.getHeader("Expect") != null;
    boolean read = expected ? reply.getStatus() < 400 : isRead(request, waits);
    if (!read) {
      reply.getHeaders().putSingle(CONNECTION, CLOSE);
    }
  }

  /** Whoever sends this has shown no key: nobody waits for the body. */
  static void ofStranger(HttpServletRequest request) {
    request.setAttribute(STRANGER, true);
  }

  /** Reads the rest of a body before a reply, or lets the reply end the connection. */
  static void settle(HttpServletRequest request, HttpServletResponse response) {
    if (request.getHeader("Expect") != null || !isRead(request, true)) {
      response.setHeader(CONNECTION, CLOSE);
    }
  }

  /** Lets the reply end the connection if there is a body: a stranger's is not waited for. */
  static void leave(HttpServletRequest request, HttpServletResponse response) {
    if (hasBody(request)) {
      response.setHeader(CONNECTION, CLOSE);
    }
  }

  /** Whether nothing of the body is left once this returns, so that another request may follow. */
  private static boolean isRead(HttpServletRequest request, boolean waits) {
    if (!hasBody(request)) {
      return true;
    }
    try {
      ServletInputStream body = request.getInputStream();
      if (body.isFinished()) {
        return true;
      }
      boolean fits = request.getContentLengthLong() <= Limits.REQUEST_BYTES;
      return waits && fits && isSkipped(body);
    } catch (IOException | IllegalStateException e) {
      // It cannot be read, which is a reason to end the connection and none to lose the reply.
      return false;
    }
  }

  private static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0
        || request.getHeader("Transfer-Encoding") != null
        || request.getHeader(INFLATED) != null;
  }

  private static boolean isSkipped(InputStream body) throws IOException {
    byte[] piece = new byte[PIECE];
    for (long left = Limits.REQUEST_BYTES; left > 0; ) {
      int n = body.read(piece);
      if (n < 0) {
        return true;
      }
      left -= n;
    }
    return false;
  }
}
