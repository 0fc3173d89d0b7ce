package org.larder.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.larder.storage.spi.StorageBackend;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * A framework like a node's, with nothing in it but what starts components and configures them, and
 * the bundle under test. What the bundle imports comes from the class path of the tests. For one
 * thread, but for {@link #find}.
 */
final class Container implements AutoCloseable {
  private static final List<String> PARTS =
      List.of("org.apache.felix.cm.PersistenceManager", "org.apache.felix.scr.info.ScrInfo");

  /** What the parts import, from the class path like everything else. */
  private static final List<String> API =
      List.of(
          "org.osgi.service.cm;version=\"1.6.1\"",
          "org.osgi.service.component;version=\"1.5.1\"",
          "org.osgi.service.component.runtime;version=\"1.5.1\"",
          "org.osgi.service.component.runtime.dto;version=\"1.5.1\"",
          "org.osgi.util.function;version=\"1.2\"",
          "org.osgi.util.promise;version=\"1.3\"");

  private final Path folder;
  private final Framework framework;
  private final BundleUnderTest tested;
  private Bundle bundle;
  private Configuration configuration;

  /** Makes the framework; {@link #start} has to follow. */
  Container(BundleUnderTest tested) throws IOException {
    this.tested = tested;
    folder = Files.createTempDirectory("larder-kit");
    Set<String> exports = new LinkedHashSet<>(API);
    exports.add(ClassOrigin.of(StorageBackend.class).exports());
    for (Class<?> library : tested.libraries()) {
      exports.add(ClassOrigin.of(library).exports());
    }
    framework =
        new org.apache.felix.framework.FrameworkFactory()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    folder.resolve("cache").toString(),
                    Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                    String.join(",", exports),
                    "larder.data",
                    folder.resolve("data").toString(),
                    "felix.log.level",
                    "1"));
  }

  /** Starts the framework, and installs the bundle without starting it. */
  void start() throws IOException, BundleException, ClassNotFoundException {
    framework.start();
    List<Bundle> parts = new ArrayList<>();
    for (String part : PARTS) {
      parts.add(install(ClassOrigin.of(Class.forName(part)).path()));
    }
    for (Bundle part : parts) {
      part.start();
    }
    bundle = install(jar());
  }

  private Bundle install(Path jar) throws BundleException {
    return context().installBundle(jar.toUri().toString());
  }

  private BundleContext context() {
    return framework.getBundleContext();
  }

  private Path jar() throws IOException {
    return ClassOrigin.of(tested.carried()).jar(folder.resolve("tested.jar"));
  }

  Bundle bundle() {
    return bundle;
  }

  /** Configures the backend, as a file in {@code config/} does. */
  void configure() throws IOException {
    ServiceReference<ConfigurationAdmin> reference =
        context().getServiceReference(ConfigurationAdmin.class);
    configuration = context().getService(reference).createFactoryConfiguration(tested.pid(), "?");
    configuration.update(FrameworkUtil.asDictionary(tested.configuration()));
  }

  void removeConfiguration() throws IOException {
    configuration.delete();
  }

  /** The backends that the bundle has registered now. */
  List<ServiceReference<StorageBackend>> backends() {
    try {
      return List.copyOf(context().getServiceReferences(StorageBackend.class, null));
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The backend, or null if there is none now. */
  StorageBackend find() {
    ServiceReference<StorageBackend> reference =
        context().getServiceReference(StorageBackend.class);
    return reference == null ? null : context().getService(reference);
  }

  /** Waits until the bundle has registered so many backends. */
  boolean hasBackends(int count) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 500 && backends().size() != count; i++) {
      boolean unused = never.await(20, TimeUnit.MILLISECONDS);
    }
    return backends().size() == count;
  }

  /** Puts the bundle in the place of itself, as a new jar in {@code plugins/} does. */
  void update() throws IOException, BundleException {
    try (var stream = Files.newInputStream(jar())) {
      bundle.update(stream);
    }
  }

  /**
   * Removes the bundle, as deleting its jar from {@code plugins/} does; its configuration stays.
   */
  void remove() throws BundleException, InterruptedException {
    bundle.uninstall();
    refresh();
  }

  /** Installs the bundle once more, and starts it. */
  void putBack() throws IOException, BundleException {
    bundle = install(jar());
    bundle.start();
  }

  /** Removes the bundle, and keeps nothing of it. */
  void uninstall() throws BundleException, InterruptedException {
    bundle.uninstall();
    bundle = null;
    configuration = null;
    refresh();
  }

  void refresh() throws InterruptedException {
    CountDownLatch refreshed = new CountDownLatch(1);
    framework
        .adapt(FrameworkWiring.class)
        .refreshBundles(
            null,
            event -> {
              if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                refreshed.countDown();
              }
            });
    boolean unused = refreshed.await(Clocked.GRACE.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException, BundleException {
    framework.stop();
    try {
      FrameworkEvent unused = framework.waitForStop(Clocked.GRACE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
