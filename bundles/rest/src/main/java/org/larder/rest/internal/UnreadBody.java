package org.larder.rest.internal;

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
 * into nothing. Where there is too much to read the reply says that the connection ends. Free for
 * any thread.
 */
public final class UnreadBody implements ContainerResponseFilter {
  private static final String CONNECTION = "Connection";
  private static final String CLOSE = "close";
  private static final int PIECE = 8 << 10;

  @Context private HttpServletRequest request;

  @Override
  public void filter(ContainerRequestContext asked, ContainerResponseContext reply) {
    if (!isReadToItsEnd(request, reply.getStatus())) {
      reply.getHeaders().putSingle(CONNECTION, CLOSE);
    }
  }

  /** Reads the rest of a body before this reply, or lets the reply end the connection. */
  static void settle(HttpServletRequest request, HttpServletResponse response, int status) {
    if (!isReadToItsEnd(request, status)) {
      response.setHeader(CONNECTION, CLOSE);
    }
  }

  /** Lets the reply end the connection if there is a body: a stranger's is not waited for. */
  static void leave(HttpServletRequest request, HttpServletResponse response) {
    if (request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null) {
      response.setHeader(CONNECTION, CLOSE);
    }
  }

  private static boolean isReadToItsEnd(HttpServletRequest request, int status) {
    if (request.getHeader("Expect") != null) {
      // Asking for the body would tell the client to send it.
      return status < 400;
    }
    if (request.getContentLengthLong() > Limits.REQUEST_BYTES) {
      return false;
    }
    try {
      return isSkipped(request.getInputStream());
    } catch (IOException | IllegalStateException e) {
      // It cannot be read, which is a reason to end the connection and none to lose the reply.
      return false;
    }
  }

  private static boolean isSkipped(InputStream body) throws IOException {
    if (body.read() < 0) {
      return true;
    }
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
