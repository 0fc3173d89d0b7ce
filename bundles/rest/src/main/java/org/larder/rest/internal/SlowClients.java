package org.larder.rest.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the connections that are still open some time after the node began to stop. The applications
 * are taken down only once no request is in them, so one client that has stopped in the middle of
 * an upload would hold up the node until it is ended by force. Told on the framework's thread; cuts
 * on one of CompletableFuture's own.
 */
final class SlowClients implements SynchronousBundleListener {
  private static final Logger log = LoggerFactory.getLogger(SlowClients.class);

  /** For requests in flight; the whole stop has ten seconds. */
  static final Duration GRACE = Duration.ofSeconds(2);

  private volatile Server server;

  void watch(Server newest) {
    server = newest;
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    boolean isFramework = event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID;
    if (event.getType() == BundleEvent.STOPPING && isFramework) {
      CompletableFuture.delayedExecutor(GRACE.toMillis(), TimeUnit.MILLISECONDS).execute(this::cut);
    }
  }

  /** Closes every connection; whoever reads from one or writes to one gets an IOException. */
  void cut() {
    Server current = server;
    if (current == null) {
      return;
    }
    int cut = 0;
    for (Connector connector : current.getConnectors()) {
      for (EndPoint client : connector.getConnectedEndPoints()) {
        client.close();
        cut++;
      }
    }
    if (cut > 0) {
      log.info(
          "Cut {} connections that were still open {} s after the stop began",
          cut,
          GRACE.toSeconds());
    }
  }
}
