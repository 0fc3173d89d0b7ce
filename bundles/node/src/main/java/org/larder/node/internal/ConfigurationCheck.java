package org.larder.node.internal;

import java.nio.file.Files;
import java.util.List;

/** Whether the configuration is there without which nothing would ever listen. */
final class ConfigurationCheck {
  private static final List<String> NEEDED =
      List.of("org.apache.felix.http.cfg", "JakartarsServletWhiteboardRuntimeComponent-main.cfg");

  private ConfigurationCheck() {}

  static void check(NodeSettings settings) throws StartRefusedException {
    for (String name : NEEDED) {
      if (!Files.isRegularFile(settings.config().resolve(name))) {
        throw new StartRefusedException(
            StartRefusedException.BAD_SETTING,
            "the configuration folder "
                + settings.config()
                + " holds no "
                + name
                + "; copy it from the distribution's config folder");
      }
    }
  }
}
