package org.larder.rest.internal;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterPattern;
import org.slf4j.MDC;

/** Counts and times every request, and carries its W3C {@code traceparent} into the log. */
@Component(service = Filter.class, scope = ServiceScope.PROTOTYPE)
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardFilterAsyncSupported
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=*)")
@ServiceRanking(1000)
public final class RequestWatch extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final String TRACE_HEADER = "traceparent";
  private static final String TRACE_KEY = "trace_id";

  /** Where version, trace and parent end: {@code 00-<32>-<16>-<2>}. */
  private static final int[] DASHES = {2, 35, 52};

  private static final int TRACE_LENGTH = 55;

  private final transient RequestMeter meter;

  /** Tells this meter. */
  @Activate
  public RequestWatch(@Reference RequestMeter meter) {
    this.meter = meter;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    long begun = System.nanoTime();
    String trace = request.getHeader(TRACE_HEADER);
    if (trace == null || !isTrace(trace)) {
      follow(request, response, chain, begun);
      return;
    }
    response.setHeader(TRACE_HEADER, trace);
    MDC.put(TRACE_KEY, trace.substring(DASHES[0] + 1, DASHES[1]));
    try {
      follow(request, response, chain, begun);
    } finally {
      MDC.remove(TRACE_KEY);
    }
  }

  private void follow(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain, long begun)
      throws IOException, ServletException {
    chain.doFilter(request, response);
    if (request.isAsyncStarted()) {
      request.getAsyncContext().addListener(new Completion(request, response, begun));
    } else {
      meter.count(request, response.getStatus(), System.nanoTime() - begun);
    }
  }

  static boolean isTrace(String text) {
    if (text.length() != TRACE_LENGTH) {
      return false;
    }
    for (int i = 0; i < TRACE_LENGTH; i++) {
      char c = text.charAt(i);
      boolean dash = i == DASHES[0] || i == DASHES[1] || i == DASHES[2];
      boolean fits = dash ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private final class Completion implements AsyncListener {
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final long begun;

    Completion(HttpServletRequest request, HttpServletResponse response, long begun) {
      this.request = request;
      this.response = response;
      this.begun = begun;
    }

    @Override
    public void onComplete(AsyncEvent event) {
      meter.count(request, response.getStatus(), System.nanoTime() - begun);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // The completion follows.
    }

    @Override
    public void onError(AsyncEvent event) {
      // The completion follows.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }
  }
}
