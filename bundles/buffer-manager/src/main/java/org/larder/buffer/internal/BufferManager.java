package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.larder.buffer.BufferControl;
import org.larder.buffer.Intake;
import org.larder.buffer.MetricSource;
import org.larder.buffer.RecordReader;
import org.larder.storage.model.CollectionProvider;
import org.larder.storage.spi.StorageBackend;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the node's {@link Buffer} inside the framework: hands it backends and collections as they
 * come and go, and registers its services. Called by the component runtime, from several threads.
 */
@Component(
    service = {},
    immediate = true,
    configurationPid = {"larder.buffer", "larder.routes"})
public final class BufferManager {
  private static final Logger LOG = LoggerFactory.getLogger(BufferManager.class);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Buffer buffer;
  private final WaitingCollections collections;
  private final Path directory;
  private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

  /**
   * Opens the buffer and registers its services.
   *
   * @throws IOException if the node's data cannot be used
   */
  @Activate
  public BufferManager(
      BundleContext context, BufferConfiguration configuration, Map<String, Object> properties)
      throws IOException {
    String data = context.getProperty("larder.data");
    directory = Path.of(data == null ? "data" : data).toAbsolutePath();
    BufferOptions options = options(configuration, properties);
    String folder = context.getProperty("larder.config");
    RouteKeeper keeper =
        folder == null ? RouteKeeper.NONE : new RouteFile(Path.of(folder, "larder.routes.cfg"));
    try {
      buffer = Buffer.open(options, Clock.systemUTC(), keeper);
    } catch (IOException | RuntimeException e) {
      LOG.error("The buffer cannot start: {}", e.getMessage(), e);
      throw e;
    }
    collections = new WaitingCollections(buffer::addCollection, PAUSE);
    register(context, Intake.class, buffer.intake());
    register(context, RecordReader.class, buffer.reader());
    register(context, BufferControl.class, buffer);
    register(context, MetricSource.class, new BufferMetrics(buffer));
  }

  private BufferOptions options(BufferConfiguration configuration, Map<String, Object> properties) {
    return BufferOptions.of(configuration, RouteSettings.read(properties), directory);
  }

  private <T> void register(BundleContext context, Class<T> type, T service) {
    registrations.add(context.registerService(type, service, null));
  }

  /**
   * Takes a changed configuration; one that is wrong is reported and the old stays.
   *
   * @throws IOException if another primary is named and cannot be followed
   */
  @Modified
  public void modified(BufferConfiguration configuration, Map<String, Object> properties)
      throws IOException {
    try {
      buffer.change(options(configuration, properties));
      LOG.info("The buffer's configuration has changed");
    } catch (IllegalArgumentException e) {
      LOG.error("The buffer's configuration is not valid and is not used: {}", e.getMessage());
    }
  }

  /** Stops intake, drains, and closes. */
  @Deactivate
  public void deactivate() throws IOException {
    registrations.forEach(ServiceRegistration::unregister);
    collections.close();
    buffer.close();
  }

  /** A backend has come. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY,
      unbind = "removeBackend")
  public void addBackend(StorageBackend backend) {
    try {
      buffer.addBackend(backend);
    } catch (IllegalArgumentException e) {
      LOG.error("A backend is not used: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("A backend is not used: {}", e.getMessage(), e);
    }
  }

  /** A backend goes. */
  public void removeBackend(StorageBackend backend) {
    buffer.removeBackend(backend);
  }

  /** A domain contributes its collections. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY,
      unbind = "removeCollections")
  public void addCollections(CollectionProvider provider) {
    provider.collections().forEach(collections::add);
  }

  /** A domain goes; its collections stay, but for those that were never recorded. */
  public void removeCollections(CollectionProvider provider) {
    collections.remove(provider.collections());
    LOG.debug("Collections stay although their bundle goes: {}", provider.collections());
  }
}
