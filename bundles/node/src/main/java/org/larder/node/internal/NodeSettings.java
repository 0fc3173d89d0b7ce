package org.larder.node.internal;

import java.nio.file.Path;
import org.osgi.framework.BundleContext;

/** What the launching script decided. */
record NodeSettings(Path data, Path config, String host, int port) {

  static NodeSettings from(BundleContext context) throws StartRefusedException {
    String port = property(context, "larder.http.port");
    try {
      return new NodeSettings(
          Path.of(property(context, "larder.data")),
          Path.of(property(context, "larder.config")),
          property(context, "larder.http.host"),
          Integer.parseInt(port));
    } catch (NumberFormatException e) {
      throw new StartRefusedException(
          StartRefusedException.BAD_SETTING,
          "LARDER_HTTP_PORT is '" + port + "'; it must be a number from 1 to 65535",
          e);
    }
  }

  /** Files that say who runs here; nothing in it outlives the process but by accident. */
  Path run() {
    return data.resolve("run");
  }

  private static String property(BundleContext context, String name) throws StartRefusedException {
    String value = context.getProperty(name);
    if (value == null || value.isBlank()) {
      throw new StartRefusedException(
          StartRefusedException.BAD_SETTING,
          "the property " + name + " is not set; start the node with bin/larder");
    }
    return value;
  }
}
