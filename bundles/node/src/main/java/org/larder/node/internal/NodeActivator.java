package org.larder.node.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.ConfigurationPlugin;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Starts before anything that touches data, configuration or the network, and stops after it. The
 * framework calls it from one thread at a time.
 */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class NodeActivator implements BundleActivator {
  private NodeSettings settings;
  private DataFolderLock lock;
  private FrameworkLog frameworkLog;
  private ServiceRegistration<ConfigurationPlugin> overrides;
  private Readiness readiness;

  @Override
  public void start(BundleContext context) throws IOException {
    try {
      settings = NodeSettings.from(context);
      lock = DataFolderLock.acquire(settings);
      ConfigurationCheck.check(settings);
      AddressCheck.check(settings);
    } catch (StartRefusedException e) {
      System.err.println("larder: " + e.getMessage());
      System.err.flush();
      // Nothing is open yet, and an orderly stop would wait for this very thread.
      Runtime.getRuntime().halt(e.exitCode());
      return;
    }
    DataFolderLock.sweep(settings.run(), Path.of(context.getProperty("larder.cache")));
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    frameworkLog = new FrameworkLog(context);
    frameworkLog.open();
    PluginExports.watch(context);
    context.registerService(WeavingHook.class, new SparingReloads(), null);
    overrides =
        context.registerService(
            ConfigurationPlugin.class, new EnvironmentOverrides(System.getenv(), settings), null);
    if ("false".equals(context.getProperty("felix.shutdown.hook"))) {
      // The launcher leaves the end of the process to this bundle.
      Framework framework = (Framework) context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
      Runtime.getRuntime().addShutdownHook(new ProcessEnd(framework));
    }
    readiness = new Readiness(context, settings);
    readiness.start();
  }

  @Override
  public void stop(BundleContext context) throws IOException {
    readiness.interrupt();
    overrides.unregister();
    frameworkLog.close();
    SLF4JBridgeHandler.uninstall();
    Files.deleteIfExists(settings.run().resolve("ready"));
    lock.close();
  }
}
