package org.larder.node.internal;

import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;

/** Whether the node may listen where it was told to, and can. */
final class AddressCheck {
  private AddressCheck() {}

  static void check(NodeSettings settings) throws StartRefusedException {
    InetAddress address = resolve(settings.host());
    if (!address.isLoopbackAddress() && !hasApiKey(settings.config())) {
      throw new StartRefusedException(
          StartRefusedException.NOT_SECURED,
          "LARDER_HTTP_HOST is "
              + settings.host()
              + ", which others can reach, but no API key is configured; add one to "
              + settings.config().resolve("larder.security.cfg")
              + ", or listen on 127.0.0.1");
    }
    bind(settings, address);
  }

  private static InetAddress resolve(String host) throws StartRefusedException {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new StartRefusedException(
          StartRefusedException.BAD_SETTING,
          "LARDER_HTTP_HOST is '" + host + "', which is no address of this machine",
          e);
    }
  }

  /** Whether {@code larder.security.cfg} holds at least one entry {@code key.<name> = …}. */
  private static boolean hasApiKey(Path config) throws StartRefusedException {
    Path file = config.resolve("larder.security.cfg");
    Properties security = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      security.load(reader);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException | IllegalArgumentException e) {
      throw new StartRefusedException(
          StartRefusedException.BAD_SETTING, "cannot read " + file + ": " + e.getMessage(), e);
    }
    return security.stringPropertyNames().stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).startsWith("key."))
        .anyMatch(name -> !security.getProperty(name).isBlank());
  }

  private static void bind(NodeSettings settings, InetAddress address)
      throws StartRefusedException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, settings.port()));
    } catch (IOException | IllegalArgumentException e) {
      throw new StartRefusedException(
          StartRefusedException.ADDRESS_IN_USE,
          "cannot listen on "
              + settings.host()
              + ":"
              + settings.port()
              + " ("
              + e.getMessage()
              + "); stop what uses it, or set LARDER_HTTP_PORT",
          e);
    }
  }
}
