package org.larder.shell.internal;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.larder.buffer.BufferControl;
import org.larder.buffer.Route;
import org.larder.buffer.RouteStatus;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The commands about routes. Called by the threads of any number of shells. */
@Component(
    service = RouteCommands.class,
    property = {
      "osgi.command.scope=larder",
      "osgi.command.function=routes",
      "osgi.command.function=route",
      "osgi.command.function=swap"
    })
public final class RouteCommands {
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile BufferControl control;

  /** All routes. */
  @Descriptor("which backends get which records, and how far each is")
  public void routes(CommandSession session, String... words) {
    CommandRun.run(
        session,
        Help.ROUTES,
        words,
        arguments -> RouteReports.list(CommandRun.running(control).routes()));
  }

  /** One route, shown or changed. */
  @Descriptor("the route of a collection, or another in its place")
  public void route(CommandSession session, String... words) {
    CommandRun.run(
        session,
        Help.ROUTE,
        words,
        arguments -> {
          requireOneForm(arguments);
          String collection = first(arguments);
          if (arguments.flags().contains("remove")) {
            CommandRun.running(control).removeRoute(collection);
          } else if (arguments.rest().size() > 1) {
            Route route =
                new Route(
                    collection,
                    arguments.rest().get(1),
                    names(arguments.option("mirrors", "")),
                    Optional.ofNullable(arguments.options().get("read-from")));
            CommandRun.running(control).changeRoute(route);
          }
          return RouteReports.inFull(statusOf(collection));
        },
        Set.of("mirrors", "read-from"),
        Set.of("remove"));
  }

  /** Another primary. */
  @Descriptor("make a mirror the primary, and the primary a mirror")
  public void swap(CommandSession session, String... words) {
    CommandRun.run(
        session,
        Help.SWAP,
        words,
        arguments -> {
          if (arguments.rest().size() != 2) {
            throw new IllegalArgumentException(
                "Which collection, and to which backend? larder:routes lists them.");
          }
          String collection = first(arguments);
          requireKnown(collection);
          CommandRun.running(control).swap(collection, arguments.rest().get(1));
          return RouteReports.inFull(statusOf(collection));
        });
  }

  /** Shown, changed or removed: words that belong to another of these are not passed over. */
  static void requireOneForm(Arguments arguments) {
    boolean isChange = arguments.rest().size() > 1;
    boolean hasOptions = !arguments.options().isEmpty();
    if (arguments.flags().contains("remove") && (isChange || hasOptions)) {
      throw new IllegalArgumentException(
          "Nothing was changed: --remove takes the whole route of its own away, and neither a"
              + " primary nor options beside it");
    }
    if (hasOptions && !isChange) {
      throw new IllegalArgumentException(
          "Nothing was changed: name the primary as well, larder:route <collection|all>"
              + " <primary> --mirrors a,b");
    }
  }

  private static String first(Arguments arguments) {
    if (arguments.rest().isEmpty()) {
      throw new IllegalArgumentException("Which collection? all stands for those without a route.");
    }
    // The shell makes file names of a bare asterisk.
    String named = arguments.rest().get(0);
    return named.equals("all") ? Route.ALL : named;
  }

  private static List<String> names(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private void requireKnown(String collection) {
    if (!collection.equals(Route.ALL)
        && CommandRun.running(control).collection(collection).isEmpty()) {
      throw new NoSuchElementException("There is no collection " + collection);
    }
  }

  private RouteStatus statusOf(String collection) {
    requireKnown(collection);
    List<RouteStatus> routes = CommandRun.running(control).routes();
    return routes.stream()
        .filter(one -> one.route().collection().equals(collection))
        .findFirst()
        .orElse(routes.get(0));
  }
}
