package org.larder.node.internal;

import java.util.Collections;
import java.util.Dictionary;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationPlugin;

/**
 * Environment variables named {@code LARDER__<PID>__<KEY>} win over the files in {@code config/}.
 * Case is ignored, and whatever is neither letter nor digit is written as an underscore. Immutable
 * and so safe for any thread.
 */
final class EnvironmentOverrides implements ConfigurationPlugin {
  private static final String PREFIX = "LARDER__";
  private static final String HTTP_PID = "org.apache.felix.http";
  private static final String HTTP_HOST = "org.apache.felix.http.host";
  private static final String HTTP_PORT = "org.osgi.service.http.port";

  private final Map<String, Map<String, String>> byPid = new TreeMap<>();
  private final NodeSettings settings;

  EnvironmentOverrides(Map<String, String> environment, NodeSettings settings) {
    this.settings = settings;
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX)) {
            int separator = name.indexOf("__", PREFIX.length());
            if (separator > 0) {
              String pid = plain(name.substring(PREFIX.length(), separator));
              String key = name.substring(separator + 2);
              byPid.computeIfAbsent(pid, unused -> new TreeMap<>()).put(key, value);
            }
          }
        });
  }

  @Override
  public void modifyConfiguration(
      ServiceReference<?> reference, Dictionary<String, Object> properties) {
    if (!(properties.get(Constants.SERVICE_PID) instanceof String pid)) {
      return;
    }
    byPid
        .getOrDefault(plain(pid), Map.of())
        .forEach((key, value) -> properties.put(nameOf(key, properties), value));
    if (pid.equals(HTTP_PID)) {
      // The address was checked before the start; no file may move the listener elsewhere.
      properties.put(HTTP_HOST, settings.host());
      properties.put(HTTP_PORT, Integer.toString(settings.port()));
    }
  }

  /** The key as the configuration spells it, or in lower case when it has none like it. */
  private static String nameOf(String key, Dictionary<String, Object> properties) {
    for (String existing : Collections.list(properties.keys())) {
      if (plain(existing).equals(plain(key))) {
        return existing;
      }
    }
    return key.toLowerCase(Locale.ROOT);
  }

  private static String plain(String name) {
    return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }
}
