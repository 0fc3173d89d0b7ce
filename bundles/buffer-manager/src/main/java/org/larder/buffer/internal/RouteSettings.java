package org.larder.buffer.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.larder.buffer.Route;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteTable;
import org.larder.buffer.RouteTable.Deletes;
import org.larder.buffer.RouteTable.MirrorOptions;
import org.larder.buffer.RouteTable.OnLag;
import org.larder.storage.model.Limits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys of {@code larder.routes.cfg}, as routes and back. Stateless. */
final class RouteSettings {
  static final String ROUTE = "route.";
  static final String READ_FROM = "read_from.";
  private static final String ON_LAG = "on_lag.";
  private static final String APPLY_DELETES = "apply_deletes.";

  /** Where the primary was configured before there were routes. */
  private static final String FORMER_KEY = "primary";

  private static final String DEFAULT_PRIMARY = "main";
  private static final Logger LOG = LoggerFactory.getLogger(RouteSettings.class);

  private RouteSettings() {}

  /**
   * The routes that an operator configured; without any, all goes to {@code main}.
   *
   * @throws IllegalArgumentException names the key that is wrong
   */
  static RouteTable read(Map<String, ?> settings) {
    Map<String, Route> routes = new TreeMap<>();
    Map<String, MirrorOptions> mirrors = new TreeMap<>();
    settings.forEach(
        (key, value) -> {
          String text = String.valueOf(value).strip();
          if (key.startsWith(ROUTE)) {
            Route route = route(key.substring(ROUTE.length()), text, settings);
            routes.put(route.collection(), route);
          } else if (key.startsWith(ON_LAG)) {
            String mirror = key.substring(ON_LAG.length());
            MirrorOptions others = mirrors.getOrDefault(mirror, MirrorOptions.DEFAULT);
            mirrors.put(mirror, new MirrorOptions(onLag(key, text), others.deletes()));
          } else if (key.startsWith(APPLY_DELETES)) {
            String mirror = key.substring(APPLY_DELETES.length());
            MirrorOptions others = mirrors.getOrDefault(mirror, MirrorOptions.DEFAULT);
            mirrors.put(mirror, new MirrorOptions(others.onLag(), deletes(key, text)));
          }
        });
    if (!routes.containsKey(Route.ALL)) {
      routes.put(Route.ALL, Route.of(Route.ALL, formerPrimary(settings)));
    }
    return new RouteTable(routes, mirrors);
  }

  private static String formerPrimary(Map<String, ?> settings) {
    Object former = settings.get(FORMER_KEY);
    if (former == null) {
      return DEFAULT_PRIMARY;
    }
    LOG.warn(
        "The key primary of larder.buffer.cfg has moved: write route.* = {} into larder.routes.cfg",
        former);
    return Limits.checkName(former.toString().strip());
  }

  private static Route route(String collection, String text, Map<String, ?> settings) {
    if (!collection.equals(Route.ALL)) {
      Limits.checkName(collection);
    }
    List<String> backends =
        Arrays.stream(text.split(",", -1)).map(String::strip).map(Limits::checkName).toList();
    Optional<String> readFrom =
        Optional.ofNullable(settings.get(READ_FROM + collection))
            .map(value -> value.toString().strip())
            .filter(value -> !value.isEmpty());
    return new Route(collection, backends.get(0), backends.subList(1, backends.size()), readFrom);
  }

  private static OnLag onLag(String key, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "detach" -> OnLag.DETACH;
      case "block" -> OnLag.BLOCK;
      default -> throw invalid(key + " is detach or block, not " + text);
    };
  }

  private static Deletes deletes(String key, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "all" -> Deletes.ALL;
      case "user" -> Deletes.USER;
      case "none" -> Deletes.NONE;
      default -> throw invalid(key + " is all, user or none, not " + text);
    };
  }

  private static RouteRefusedException invalid(String message) {
    return new RouteRefusedException("ROUTE_INVALID", message);
  }

  /** The value of a route's key. */
  static String write(Route route) {
    return route.backends().stream().collect(Collectors.joining(", "));
  }
}
