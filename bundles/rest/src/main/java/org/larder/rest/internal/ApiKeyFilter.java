package org.larder.rest.internal;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.larder.rest.Problem;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.ServiceScope;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/**
 * Lets a request pass if it has a key whose role allows it, or if no keys are configured: then the
 * node listens on this machine alone. A change of configuration is taken over in place, so that
 * there is no moment without the filter.
 */
@Component(
    service = Filter.class,
    scope = ServiceScope.PROTOTYPE,
    configurationPid = "larder.security")
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardFilterAsyncSupported
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=*)")
@ServiceRanking(900)
public final class ApiKeyFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final String BEARER = "bearer ";

  /** Answered without a key: whoever supervises the node has none. */
  private static final Set<String> OPEN = Set.of("/health", "/health/live", "/health/ready");

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  private transient volatile ApiKeys keys;

  /** Reads the keys. */
  @Activate
  public ApiKeyFilter(Map<String, Object> configuration) {
    keys = new ApiKeys(configuration);
  }

  @Modified
  void modified(Map<String, Object> configuration) {
    keys = new ApiKeys(configuration);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    ApiKeys current = keys;
    if (!current.required()) {
      chain.doFilter(request, response);
      return;
    }
    if (OPEN.contains(request.getRequestURI())) {
      UnreadBody.ofStranger(request);
      chain.doFilter(request, response);
      return;
    }
    Optional<ApiKeys.ApiKey> key = Optional.ofNullable(presented(request)).flatMap(current::find);
    ApiKeys.Role needed = needed(request);
    if (key.isEmpty()) {
      UnreadBody.leave(request, response);
      ProblemReply.send(response, unauthorized());
    } else if (key.get().role().compareTo(needed) < 0) {
      UnreadBody.leave(request, response);
      ProblemReply.send(response, forbidden(key.get(), needed));
    } else {
      chain.doFilter(request, response);
    }
  }

  private static String presented(HttpServletRequest request) {
    String header = request.getHeader("Authorization");
    if (header != null && header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return header.substring(BEARER.length()).strip();
    }
    return request.getHeader("X-API-Key");
  }

  /** Paths are compared as decoded and normalised by the server, never as they were written. */
  private static ApiKeys.Role needed(HttpServletRequest request) {
    String inContext = request.getPathInfo() == null ? "" : request.getPathInfo();
    String path = request.getContextPath() + request.getServletPath() + inContext;
    if (path.startsWith("/api/v1/admin") || path.startsWith("/api/v1/system/config")) {
      return ApiKeys.Role.OPERATOR;
    }
    return READING.contains(request.getMethod()) ? ApiKeys.Role.READER : ApiKeys.Role.WRITER;
  }

  private static Problem unauthorized() {
    return Problem.of(
            401,
            "UNAUTHORIZED",
            "This node needs an API key: Authorization: Bearer <key>, or X-API-Key: <key>")
        .withHeader("WWW-Authenticate", "Bearer realm=\"larder\"");
  }

  private static Problem forbidden(ApiKeys.ApiKey key, ApiKeys.Role needed) {
    return Problem.of(
        403,
        "FORBIDDEN",
        "The key '"
            + key.name()
            + "' is a "
            + key.role().name().toLowerCase(Locale.ROOT)
            + "'s; this needs a "
            + needed.name().toLowerCase(Locale.ROOT));
  }
}
