package org.larder.rest.testing;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.ws.rs.core.Application;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;

/** A REST application on the node's own web server, on a free port of this machine. */
public final class TestServer implements AutoCloseable {
  /** Held, so that its level stays: Jersey warns of every resource that is an object. */
  private static final Logger JERSEY = Logger.getLogger("org.glassfish.jersey");

  static {
    JERSEY.setLevel(Level.OFF);
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  /** Serves the application under the path, behind the filters. */
  public TestServer(String path, Application application, Filter... filters) {
    this(Map.of(path, application), filters);
  }

  /** Serves applications by their paths, all behind the filters. */
  public TestServer(Map<String, Application> applications, Filter... filters) {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    applications.forEach(
        (path, application) -> {
          ServletHolder holder =
              new ServletHolder(new ServletContainer(ResourceConfig.forApplication(application)));
          holder.setAsyncSupported(true);
          context.addServlet(holder, path.equals("/") ? "/*" : path + "/*");
        });
    for (Filter filter : filters) {
      FilterHolder holder = new FilterHolder(filter);
      holder.setAsyncSupported(true);
      context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
    }
    server.setHandler(context);
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("The test server does not start", e);
    }
  }

  /** The web server itself. */
  public Server jetty() {
    return server;
  }

  /** The address of a path. */
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort() + path);
  }

  /** A GET's reply. */
  public Reply get(String path, String... headers) {
    return send(HttpRequest.newBuilder(uri(path)).GET(), headers);
  }

  /** A DELETE's reply. */
  public Reply delete(String path, String... headers) {
    return send(HttpRequest.newBuilder(uri(path)).DELETE(), headers);
  }

  /** The reply to a POST of JSON. */
  public Reply post(String path, String json, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    return send(request, headers);
  }

  /** Sends a request with headers, given as names and values in turn. */
  public Reply send(HttpRequest.Builder request, String... headers) {
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return new Reply(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new IllegalStateException("No reply", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("The test server does not stop", e);
    }
  }
}
