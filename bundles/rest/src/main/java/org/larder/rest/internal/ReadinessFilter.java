package org.larder.rest.internal;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.larder.rest.Problem;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/** Answers 503, not 404, while an application that is expected is not there. */
@Component(service = Filter.class, scope = ServiceScope.PROTOTYPE)
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardFilterAsyncSupported
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=*)")
@ServiceRanking(800)
public final class ReadinessFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  private final transient ExpectedResources expected;

  /** Asks these. */
  @Activate
  public ReadinessFilter(@Reference ExpectedResources expected) {
    this.expected = expected;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (expected.complete()
        || isSystem(request.getRequestURI())
        || !expected.awaits(request.getRequestURI())) {
      chain.doFilter(request, response);
      return;
    }
    Problem problem =
        Problem.of(
                503,
                "NOT_READY",
                "The node is starting: not there yet: " + String.join(", ", expected.missing()))
            .withHeader("Retry-After", "1");
    UnreadBody.settle(request, response);
    ProblemReply.send(response, problem);
  }

  /** What has to answer while the node starts. */
  private static boolean isSystem(String path) {
    return path.startsWith("/health")
        || path.equals("/metrics")
        || path.startsWith("/api/v1/system/")
        || path.startsWith("/api/v1/admin/");
  }
}
