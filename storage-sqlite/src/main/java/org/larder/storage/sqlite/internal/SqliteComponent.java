package org.larder.storage.sqlite.internal;

import java.nio.file.Path;
import java.util.Map;
import org.larder.storage.spi.QueryBackend;
import org.larder.storage.spi.SnapshotBackend;
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
    configurationPid = SqliteComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Capability(
    namespace = "osgi.service",
    attribute =
        "objectClass:List<String>=\"org.larder.storage.spi.StorageBackend,org.larder.storage.spi.QueryBackend,org.larder.storage.spi.SnapshotBackend\"",
    effective = "active")
@Designate(ocd = SqliteConfiguration.class, factory = true)
public final class SqliteComponent {
  static final String PID = "larder.storage.sqlite";
  private static final String DATA_FOLDER = "larder.data";

  private final SqliteBackend backend;
  private final ServiceRegistration<?> registration;

  /** Registers the backend; its database is opened by the first call that needs it. */
  @Activate
  public SqliteComponent(BundleContext context, SqliteConfiguration configuration) {
    String folder = context.getProperty(DATA_FOLDER);
    Path data = Path.of(folder == null ? "data" : folder);
    SqliteSettings settings = new SqliteConfiguration.Reader(configuration, data).settings();
    backend = new SqliteBackend(settings);
    registration =
        context.registerService(
            new String[] {
              StorageBackend.class.getName(),
              QueryBackend.class.getName(),
              SnapshotBackend.class.getName()
            },
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
