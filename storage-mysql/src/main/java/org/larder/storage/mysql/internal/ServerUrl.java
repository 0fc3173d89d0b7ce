package org.larder.storage.mysql.internal;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a database is: one server, or several of which one takes writes.
 *
 * @param hosts {@code name:port}, in the order in which they are tried
 * @param database the database
 * @param options properties of the driver that the address names
 */
record ServerUrl(List<String> hosts, String database, Map<String, String> options) {
  private static final Pattern URL =
      Pattern.compile("jdbc:mysql://([^/?#@()]+)/([A-Za-z0-9_$-]{1,64})(?:\\?(.*))?");
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
  private static final int PORT = 3306;

  ServerUrl {
    hosts = List.copyOf(hosts);
    options = Map.copyOf(options);
  }

  /**
   * Reads an address like {@code jdbc:mysql://first:3306,second/larder}.
   *
   * @throws IllegalArgumentException if it is none, or carries a user, a password or what the
   *     backend has to choose itself; the message does not repeat it
   */
  static ServerUrl parse(String url) {
    Matcher matcher = URL.matcher(url);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "url has to be like jdbc:mysql://host:3306,other-host:3306/database, without user or password");
    }
    List<String> hosts = new ArrayList<>();
    for (String part : matcher.group(1).split(",", -1)) {
      Matcher host = HOST.matcher(part.strip());
      if (!host.matches()) {
        throw new IllegalArgumentException("url names a host that is none: " + part);
      }
      String port = host.group(2);
      hosts.add(host.group(1) + ":" + (port == null ? PORT : Integer.parseInt(port)));
    }
    return new ServerUrl(hosts, matcher.group(2), options(matcher.group(3)));
  }

  private static Map<String, String> options(String query) {
    Map<String, String> options = new LinkedHashMap<>();
    if (query == null || query.isEmpty()) {
      return options;
    }
    for (String pair : query.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      String name = decoded(parts[0]).strip();
      ReservedOptions.refuse(name);
      if (parts.length != 2) {
        throw new IllegalArgumentException("url has an option without a value: " + name);
      }
      options.put(name, decoded(parts[1]));
    }
    return options;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "url has an option with a % that no two hexadecimal digits follow", e);
    }
  }
}
