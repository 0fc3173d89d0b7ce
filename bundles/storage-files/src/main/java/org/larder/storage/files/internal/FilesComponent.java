package org.larder.storage.files.internal;

import java.nio.file.Path;
import java.util.Map;
import org.larder.storage.blob.BlobStore;
import org.larder.storage.blob.QuotaBlobStore;
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
 * One store for each configuration. It registers the store itself, since the service's property has
 * another name than the key that it comes from. Called by Declarative Services, one call at a time.
 */
@Component(
    service = {},
    immediate = true,
    configurationPid = FilesComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Capability(
    namespace = "osgi.service",
    attribute =
        "objectClass:List<String>=\"org.larder.storage.blob.BlobStore,org.larder.storage.blob.QuotaBlobStore\"",
    effective = "active")
@Designate(ocd = FilesConfiguration.class, factory = true)
public final class FilesComponent {
  static final String PID = "larder.blobs.files";
  private static final String DATA_FOLDER = "larder.data";

  private final FileBlobStore store;
  private final ServiceRegistration<?> registration;

  /** Registers the store; its folder is taken by the first call that needs it. */
  @Activate
  public FilesComponent(BundleContext context, FilesConfiguration configuration) {
    String folder = context.getProperty(DATA_FOLDER);
    Path data = Path.of(folder == null ? "data" : folder);
    FilesSettings settings = new FilesConfiguration.Reader(configuration, data).settings();
    store = new FileBlobStore(settings);
    registration =
        context.registerService(
            new String[] {BlobStore.class.getName(), QuotaBlobStore.class.getName()},
            store,
            FrameworkUtil.asDictionary(Map.of(BlobStore.NAME, settings.name())));
  }

  /** Takes the service away, then stops the store. */
  @Deactivate
  void deactivate() {
    registration.unregister();
    store.close();
  }
}
