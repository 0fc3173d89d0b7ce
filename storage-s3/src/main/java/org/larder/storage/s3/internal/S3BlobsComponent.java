package org.larder.storage.s3.internal;

import java.time.Clock;
import java.util.Map;
import org.larder.storage.blob.BlobStore;
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
 * One store of objects for each configuration. It registers the store itself, since the service's
 * property has another name than the key that it comes from. Called by Declarative Services, one
 * call at a time.
 */
@Component(
    service = {},
    immediate = true,
    configurationPid = S3BlobsComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"org.larder.storage.blob.BlobStore\"",
    effective = "active")
@Designate(ocd = S3BlobsConfiguration.class, factory = true)
public final class S3BlobsComponent {
  static final String PID = "larder.blobs.s3";

  private final S3BlobStore store;
  private final ServiceRegistration<?> registration;

  /** Registers the store; the server is asked by the first call that needs it. */
  @Activate
  public S3BlobsComponent(BundleContext context, S3BlobsConfiguration configuration) {
    S3Settings settings = new S3BlobsConfiguration.Reader(configuration).settings();
    store = new S3BlobStore(settings, Clock.systemUTC());
    registration =
        context.registerService(
            BlobStore.class.getName(),
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
