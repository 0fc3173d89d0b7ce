package org.larder.runtime;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.larder.storage.mysql.server.FreePort;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.options.UrlProvisionOption;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.util.tracker.ServiceTracker;

/** Boots the distribution's own bundle list, with data and configuration of its own. */
@ExamReactorStrategy(PerClass.class)
public abstract class ContainerTestSupport {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SHELL_LEVEL = 40;
  private static final int SERVICE_PATIENCE_MS = 20_000;

  @Configuration
  public Option[] configuration() throws IOException {
    Distribution distribution = Distribution.underTest();
    Path data = Files.createTempDirectory("larder-container");
    Path config = distribution.copyOfConfig(data.resolve("config"));
    int port = FreePort.find();
    List<Option> options = new ArrayList<>();
    Properties properties = distribution.frameworkProperties(data, config, port);
    for (String name : properties.stringPropertyNames()) {
      // The container of the test owns these.
      if (!name.startsWith("org.osgi.framework.") && !name.equals("felix.shutdown.hook")) {
        options.add(frameworkProperty(name).value(properties.getProperty(name)));
      }
    }
    for (Distribution.Entry entry : distribution.bundles()) {
      if (entry.startLevel() < SHELL_LEVEL) {
        UrlProvisionOption bundle = bundle(entry.url()).startLevel(entry.startLevel());
        options.add(entry.start() ? bundle : bundle.noStart());
      }
    }
    options.add(
        systemProperty("logback.configurationFile")
            .value(System.getProperty("logback.configurationFile")));
    options.add(frameworkStartLevel(30));
    options.add(junitBundles());
    return options.toArray(Option[]::new);
  }

  /** Of the bundle that the test is in while it runs; there is none while it is set up. */
  static BundleContext context() {
    return FrameworkUtil.getBundle(ContainerTestSupport.class).getBundleContext();
  }

  static Bundle installed(String symbolicName) {
    return Stream.of(context().getBundles())
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  /** Puts a plugin's jar once more into its folder, and waits until it is taken up. */
  static void dropAgain(Bundle plugin) throws IOException {
    Path plugins = Path.of(context().getProperty("larder.home"), "plugins");
    String artifact = plugin.getSymbolicName().substring("org.larder.".length());
    String name;
    try (Stream<Path> jars = Files.list(plugins)) {
      name =
          jars.map(jar -> jar.getFileName().toString())
              .filter(jar -> jar.startsWith(artifact + "-") && jar.endsWith(".jar"))
              .findFirst()
              .orElseThrow();
    }
    byte[] jar = Files.readAllBytes(plugins.resolve(name));
    long before = plugin.getLastModified();
    PluginJar.drop(jar, plugins, name.substring(0, name.length() - ".jar".length()));
    boolean taken =
        Waiting.until(
            PATIENCE,
            () -> plugin.getLastModified() > before && plugin.getState() == Bundle.ACTIVE);
    if (!taken) {
      throw new AssertionError(name + " in the folder was not taken up");
    }
  }

  /** Waits until the backend has all that was accepted. */
  static void awaitFollowed(HttpNode node) {
    boolean followed =
        Waiting.until(
            PATIENCE, () -> node.post("/api/v1/translation/flush", "").statusCode() == 200);
    if (!followed) {
      throw new AssertionError("The backend is not followed again");
    }
  }

  static HttpNode node() {
    return new HttpNode(Integer.parseInt(context().getProperty("larder.http.port")));
  }

  /** The service of that name, waiting for it a while: components start on threads of their own. */
  static Object service(String name) throws InterruptedException {
    ServiceTracker<Object, Object> tracker = new ServiceTracker<>(context(), name, null);
    tracker.open();
    try {
      Object service = tracker.waitForService(SERVICE_PATIENCE_MS);
      if (service == null) {
        throw new AssertionError("There is no service " + name);
      }
      return service;
    } finally {
      tracker.close();
    }
  }
}
