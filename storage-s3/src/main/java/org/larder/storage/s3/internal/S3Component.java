package org.larder.storage.s3.internal;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.larder.storage.spi.StorageBackend;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/**
 * One backend for each configuration. It registers the backend itself, since the service's property
 * has another name than the key that it comes from. Called by Declarative Services, one call at a
 * time.
 */
@Component(
    service = {},
    immediate = true,
    configurationPid = S3Component.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"org.larder.storage.spi.StorageBackend\"",
    effective = "active")
@Designate(ocd = S3Configuration.class, factory = true)
public final class S3Component {
  static final String PID = "larder.storage.s3";
  private static final String DATA_FOLDER = "larder.data";

  private final S3Backend backend;
  private final ServiceRegistration<?> registration;

  /** Registers the backend; the server is asked by the first call that needs it. */
  @Activate
  public S3Component(BundleContext context, S3Configuration configuration) {
    String folder = context.getProperty(DATA_FOLDER);
    Path data = Path.of(folder == null ? "data" : folder);
    S3Settings settings = new S3Configuration.Reader(configuration).settings();
    backend = new S3Backend(settings, data.resolve("tmp"), Clock.systemUTC());
    registration =
        context.registerService(
            StorageBackend.class.getName(),
            backend,
            FrameworkUtil.asDictionary(Map.of(StorageBackend.NAME, settings.name())));
  }

  /** Takes the service away, then stops the backend. */
  @Deactivate
  void deactivate() {
    registration.unregister();
    backend.close();
  }
}
