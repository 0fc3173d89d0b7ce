package org.larder.rest.internal;

import java.lang.reflect.Proxy;

/** Settings as the component runtime would hand them out. */
final class Settings {
  private Settings() {}

  static RestSettings of(int slowRequestMs, String... expected) {
    return (RestSettings)
        Proxy.newProxyInstance(
            Settings.class.getClassLoader(),
            new Class<?>[] {RestSettings.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "expected" -> expected;
                  case "slow__request__ms" -> slowRequestMs;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
