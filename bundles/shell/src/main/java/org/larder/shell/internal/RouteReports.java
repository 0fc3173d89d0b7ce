package org.larder.shell.internal;

import java.util.List;
import java.util.Locale;
import org.larder.buffer.RouteStatus;
import org.larder.buffer.RouteTable;

/** What the commands print about routes. */
final class RouteReports {
  private RouteReports() {}

  static String list(List<RouteStatus> routes) {
    Table table = new Table("COLLECTION", "BACKEND", "ROLE", "COPY", "STATE", ">LAG");
    for (RouteStatus route : routes) {
      rows(route, table);
    }
    return table.toString();
  }

  private static void rows(RouteStatus route, Table table) {
    for (RouteStatus.Copy copy : route.copies()) {
      table.row(
          route.route().collection(),
          copy.backend(),
          role(route, copy),
          word(copy.completeness()),
          word(copy.follower().state()),
          Text.count(copy.follower().lag()));
    }
  }

  private static String role(RouteStatus route, RouteStatus.Copy copy) {
    String role = copy.backend().equals(route.route().primary()) ? "primary" : "mirror";
    return copy.backend().equals(route.source()) ? role + ", read" : role;
  }

  static String inFull(RouteStatus route) {
    StringBuilder text = new StringBuilder(list(List.of(route)));
    text.append("Reads go to ").append(route.source());
    route
        .route()
        .readFrom()
        .ifPresent(mirror -> text.append("; to ").append(mirror).append(" while it is away"));
    text.append(".\n");
    for (RouteStatus.Copy copy : route.copies()) {
      if (route.route().mirrors().contains(copy.backend())) {
        text.append(behaviour(copy));
      }
      if (!copy.collection().isEmpty()) {
        text.append(copy.backend())
            .append(" is being filled with ")
            .append(copy.collection())
            .append(": ")
            .append(Text.count(copy.seeded()))
            .append(" records so far.\n");
      }
      if (!copy.follower().code().isEmpty()) {
        text.append(copy.backend())
            .append(": ")
            .append(copy.follower().code())
            .append(": ")
            .append(Text.oneLine(copy.follower().message()))
            .append('\n');
      }
    }
    return text.toString();
  }

  /** What is not as with every mirror. */
  private static String behaviour(RouteStatus.Copy copy) {
    String text = "";
    if (copy.options().deletes() != RouteTable.Deletes.ALL) {
      text +=
          copy.backend()
              + " is an archive and keeps what is deleted (apply_deletes = "
              + word(copy.options().deletes())
              + ").\n";
    }
    if (copy.options().onLag() == RouteTable.OnLag.BLOCK) {
      text +=
          "The journal waits for " + copy.backend() + " when it is far behind (on_lag = block).\n";
    }
    return text;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
