package org.larder.node.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.larder.node.reload.BetweenRequests;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the node's own {@code /health/ready} until it says yes, then says so once: in the log, and
 * in the file {@code run/ready}, for which {@code larder start} waits. One thread, ended by an
 * interrupt.
 */
final class Readiness extends Thread {
  private static final Logger log = LoggerFactory.getLogger("org.larder.node");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PAUSE_MS = 50;
  private static final int TIMEOUT_MS = 2_000;

  private final BundleContext context;
  private final NodeSettings settings;

  Readiness(BundleContext context, NodeSettings settings) {
    super("larder-readiness");
    setDaemon(true);
    this.context = context;
    this.settings = settings;
  }

  @Override
  public void run() {
    // Not that of the process: it may have been a script before, which built what runs now.
    Instant begun = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    boolean complained = false;
    try {
      while (!ready()) {
        if (!complained && Duration.between(begun, Instant.now()).compareTo(PATIENCE) > 0) {
          complained = true;
          log.warn("Not ready after {} s. {}", PATIENCE.toSeconds(), notActive());
        }
        sleep(PAUSE_MS);
      }
      announce(Duration.between(begun, Instant.now()));
    } catch (InterruptedException e) {
      // The bundle stops before the node was ready: there is nothing to say.
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      log.error("The node is ready, but cannot write to {}", settings.run(), e);
    }
  }

  private boolean ready() {
    try (Socket socket = new Socket()) {
      InetAddress address = InetAddress.getByName(settings.host());
      InetAddress target = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
      socket.connect(new InetSocketAddress(target, settings.port()), TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      String request =
          "GET /health/ready HTTP/1.1\r\nHost: "
              + settings.host()
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader reply =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String status = reply.readLine();
      return status != null && status.startsWith("HTTP/1.1 200");
    } catch (IOException e) {
      // Nobody listens yet.
      return false;
    }
  }

  private void announce(Duration taken) throws IOException {
    BetweenRequests.beginToServe();
    Version version = context.getBundle().getVersion();
    String line =
        String.format(
            Locale.ROOT,
            "Larder %d.%d.%d listening on http://%s:%d, data in %s, ready in %.1f s",
            version.getMajor(),
            version.getMinor(),
            version.getMicro(),
            settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host(),
            settings.port(),
            settings.data(),
            taken.toMillis() / 1000.0);
    log.info(line);
    Path complete = Files.writeString(settings.run().resolve("ready.new"), line + "\n");
    Files.move(complete, settings.run().resolve("ready"), StandardCopyOption.ATOMIC_MOVE);
  }

  private String notActive() {
    String names =
        Stream.of(context.getBundles())
            .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null)
            .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
            .map(Bundle::getSymbolicName)
            .collect(Collectors.joining(", "));
    return names.isEmpty()
        ? "All bundles are active; ask /health what is missing."
        : "Bundles that are not active: " + names;
  }
}
