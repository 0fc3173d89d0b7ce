package org.larder.node.internal;

import java.util.Collection;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the platform's packages to the platform: a bundle from elsewhere than the distribution's
 * list that exports one of {@code org.larder} cannot be started and gives nothing to others. It is
 * said once, when the bundle comes; the resolver itself must not be disturbed. Called by whichever
 * thread installs or resolves; the only state is final.
 */
final class PluginExports implements ResolverHookFactory, SynchronousBundleListener {
  private static final Logger log = LoggerFactory.getLogger("org.larder.node");
  private static final String PLATFORM = "org.larder";

  private final String ownBundles;

  PluginExports(String home) {
    ownBundles = "reference:file:" + home + "/bundle/";
  }

  /** Watches over the bundles that are installed from now on, until the context is stopped. */
  static void watch(BundleContext context) {
    PluginExports exports = new PluginExports(context.getProperty("larder.home"));
    context.addBundleListener(exports);
    context.registerService(ResolverHookFactory.class, exports, null);
  }

  @Override
  public ResolverHook begin(Collection<BundleRevision> triggers) {
    return new Hiding(triggers.size() == 1 && triggers.stream().allMatch(this::isRefused));
  }

  /** One attempt to resolve; {@code futile} if it is for nothing but a refused bundle. */
  private final class Hiding implements ResolverHook {
    private final boolean futile;

    private Hiding(boolean futile) {
      this.futile = futile;
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
      // Never a part of them: Felix then forgets the providers that are resolved already.
      if (futile) {
        candidates.clear();
      }
    }

    @Override
    public void filterMatches(
        BundleRequirement requirement, Collection<BundleCapability> candidates) {
      if (isRefused(requirement.getRevision())) {
        candidates.clear();
      } else {
        candidates.removeIf(candidate -> isRefused(candidate.getRevision()));
      }
    }

    @Override
    public void filterSingletonCollisions(
        BundleCapability singleton, Collection<BundleCapability> collisionCandidates) {
      collisionCandidates.removeIf(candidate -> isRefused(candidate.getRevision()));
    }

    @Override
    public void end() {
      // Nothing is kept.
    }
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    if (event.getType() != BundleEvent.INSTALLED && event.getType() != BundleEvent.UPDATED) {
      return;
    }
    Bundle bundle = event.getBundle();
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    if (revision != null && isRefused(revision)) {
      log.error(
          "Refused the bundle {} from {}: it exports {}, and packages of {} are the platform's own."
              + " Build it anew without Export-Package; a plugin offers services",
          bundle.getSymbolicName(),
          bundle.getLocation(),
          String.join(", ", platformPackages(revision)),
          PLATFORM);
    }
  }

  private boolean isRefused(BundleRevision revision) {
    return !revision.getBundle().getLocation().startsWith(ownBundles)
        && !platformPackages(revision).isEmpty();
  }

  private static List<String> platformPackages(BundleRevision revision) {
    return revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()
        .map(capability -> capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))
        .map(String::valueOf)
        .filter(name -> name.equals(PLATFORM) || name.startsWith(PLATFORM + "."))
        .sorted()
        .toList();
  }
}
