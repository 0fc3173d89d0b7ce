package org.larder.rest.internal;

import jakarta.ws.rs.core.Application;
import org.larder.buffer.BufferControl;
import org.larder.rest.RestApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsApplicationBase;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsName;

/**
 * The system's own endpoints, in the place of the whiteboard's default application: so every path
 * that nobody serves ends here as well.
 */
@Component(service = Application.class)
@JakartarsName(".default")
@JakartarsApplicationBase("/")
public final class SystemApplication extends RestApplication {
  /** Serves the system's endpoints. */
  @Activate
  public SystemApplication(@Reference BufferControl buffer) {
    super(new HealthResource(buffer));
  }
}
