package org.larder.rest;

import jakarta.ws.rs.core.Application;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.larder.rest.internal.JsonBodyWriter;
import org.larder.rest.internal.ProblemMapper;
import org.larder.rest.internal.UnreadBody;

/**
 * A domain's REST application: its resources together with the conventions, so that no resource is
 * ever served without them. A domain registers its own as a component, which calls {@link #serve}
 * in its constructor:
 *
 * <pre>{@code
 * @Component(service = Application.class)
 * @JakartarsName("notes")
 * @JakartarsApplicationBase("/api/v1/notes")
 * public final class NotesApplication extends RestApplication { … }
 * }</pre>
 *
 * <p>Resources are single objects, shared by all requests.
 */
public abstract class RestApplication extends Application {
  private final Set<Object> singletons = new HashSet<>();

  /** Serves nothing yet but the conventions. */
  protected RestApplication() {
    singletons.add(new JsonBodyWriter());
    singletons.add(new ProblemMapper());
    singletons.add(new UnreadBody());
  }

  /** Adds resources; called before the application is registered, by the constructor. */
  protected final void serve(Object... resources) {
    singletons.addAll(Set.of(resources));
  }

  /** The resources and the conventions; always the same objects. */
  @Override
  @SuppressWarnings("deprecation") // its successor needs a container of another kind
  public final Set<Object> getSingletons() {
    return Set.copyOf(singletons);
  }

  /** Tells the container what to leave out: it describes itself in OpenAPI, not in WADL. */
  @Override
  public final Map<String, Object> getProperties() {
    return Map.of(
        "jersey.config.server.wadl.disableWadl", true,
        "jersey.config.server.disableAutoDiscovery", true,
        "jersey.config.disableMoxyJson", true,
        "jersey.config.disableJsonProcessing", true);
  }
}
