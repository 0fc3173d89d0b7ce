package org.larder.runtime.visitor;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** A plugin with a REST application of its own: {@code GET /api/visitor/hello}. */
public final class VisitorPlugin implements BundleActivator {
  /** Where the application answers. */
  public static final String HELLO = "/api/visitor/hello";

  @Override
  public void start(BundleContext context) {
    Map<String, String> properties =
        Map.of("osgi.jakartars.name", "visitor", "osgi.jakartars.application.base", "/api/visitor");
    context.registerService(
        Application.class, new VisitorApplication(), FrameworkUtil.asDictionary(properties));
  }

  @Override
  public void stop(BundleContext context) {
    // The framework takes the service back.
  }

  /** One resource. */
  public static final class VisitorApplication extends Application {
    @Override
    @SuppressWarnings("deprecation") // its successor needs a container of another kind
    public Set<Object> getSingletons() {
      return Set.of(new Hello());
    }
  }

  /** Says hello. */
  @Path("hello")
  public static final class Hello {
    /** The word. */
    @GET
    public String hello() {
      return "hello";
    }
  }

  /** A resource that others add to the application. */
  @Path("guest")
  public static final class Guest {
    /** Where it answers. */
    public static final String PATH = "/api/visitor/guest";

    /** The word. */
    @GET
    public String hello() {
      return "hello, too";
    }
  }
}
