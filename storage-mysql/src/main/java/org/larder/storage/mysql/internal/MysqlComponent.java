package org.larder.storage.mysql.internal;

import java.nio.file.Path;
import java.util.Map;
import org.larder.storage.spi.QueryBackend;
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
    configurationPid = MysqlComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Capability(
    namespace = "osgi.service",
    attribute =
        "objectClass:List<String>=\"org.larder.storage.spi.StorageBackend,org.larder.storage.spi.QueryBackend\"",
    effective = "active")
@Designate(ocd = MysqlConfiguration.class, factory = true)
public final class MysqlComponent {
  static final String PID = "larder.storage.mysql";
  private static final String DATA_FOLDER = "larder.data";

  private final MysqlBackend backend;
  private final ServiceRegistration<?> registration;

  /** Registers the backend; its database is connected by the first call that needs it. */
  @Activate
  public MysqlComponent(BundleContext context, MysqlConfiguration configuration) {
    String folder = context.getProperty(DATA_FOLDER);
    Path data = Path.of(folder == null ? "data" : folder);
    MysqlSettings settings = new MysqlConfiguration.Reader(configuration, data).settings();
    backend = new MysqlBackend(settings);
    registration =
        context.registerService(
            new String[] {StorageBackend.class.getName(), QueryBackend.class.getName()},
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
