package org.larder.rest.internal;

import java.util.Arrays;
import org.apache.felix.http.jetty.ConnectorFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Does to Jetty's server what the HTTP service has no setting for: errors as problems, and a stop
 * that waits for no slow client. The one place where the HTTP service hands out its server is a
 * factory of connectors, so this one adds a connector that never opens.
 */
@Component
public final class JettyHook implements ConnectorFactory {
  private final BundleContext context;
  private final SlowClients slowClients = new SlowClients();

  /** Learns from this context that the node begins to stop. */
  @Activate
  public JettyHook(BundleContext context) {
    this.context = context;
    context.addBundleListener(slowClients);
  }

  @Deactivate
  void close() {
    context.removeBundleListener(slowClients);
  }

  @Override
  public Connector createConnector(Server server) {
    server.setErrorHandler(new JettyErrors());
    slowClients.watch(server);
    return new NoConnector(server);
  }

  /** Shows the address of the first real connector, since the HTTP service lists them all. */
  private static final class NoConnector extends ServerConnector {
    NoConnector(Server server) {
      super(server, 0, 1);
      Arrays.stream(server.getConnectors())
          .filter(ServerConnector.class::isInstance)
          .map(ServerConnector.class::cast)
          .findFirst()
          .ifPresent(
              first -> {
                setHost(first.getHost());
                setPort(first.getPort());
              });
    }

    @Override
    protected void doStart() {
      // Nothing is opened.
    }

    @Override
    protected void doStop() {
      // Nothing was opened.
    }
  }
}
