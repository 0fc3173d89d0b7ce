package org.larder.buffer;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the records of a collection go.
 *
 * @param collection its name, or {@link #ALL} for every collection without a route of its own
 * @param primary the backend that is read from, and that {@code durability=backend} waits for
 * @param mirrors backends that get a copy, each at its own pace
 * @param readFrom the mirror that answers while the primary is away; empty for none
 */
public record Route(
    String collection, String primary, List<String> mirrors, Optional<String> readFrom) {
  /** Stands for every collection without a route of its own. */
  public static final String ALL = "*";

  /** Checks that the route does not contradict itself. */
  public Route {
    Objects.requireNonNull(collection, "collection");
    Objects.requireNonNull(primary, "primary");
    Objects.requireNonNull(readFrom, "readFrom");
    mirrors = List.copyOf(mirrors);
    if (mirrors.contains(primary)) {
      throw invalid(primary + " is the primary of " + collection + " and cannot mirror it");
    }
    if (mirrors.stream().distinct().count() < mirrors.size()) {
      throw invalid("A mirror of " + collection + " is named twice: " + mirrors);
    }
    if (readFrom.isPresent() && !mirrors.contains(readFrom.get())) {
      throw invalid(readFrom.get() + " is no mirror of " + collection + " to be read from");
    }
  }

  private static RouteRefusedException invalid(String message) {
    return new RouteRefusedException("ROUTE_INVALID", message);
  }

  /** A route without mirrors. */
  public static Route of(String collection, String primary) {
    return new Route(collection, primary, List.of(), Optional.empty());
  }

  /** All backends of the route, the primary first. */
  public List<String> backends() {
    return Stream.concat(Stream.of(primary), mirrors.stream()).toList();
  }

  /** For people: {@code notes to main, mirrored by copy, archive}. */
  @Override
  public String toString() {
    String mirrored = mirrors.isEmpty() ? "" : ", mirrored by " + String.join(", ", mirrors);
    String read = readFrom.map(from -> ", read from " + from + " while it is away").orElse("");
    return collection + " to " + primary + mirrored + read;
  }

  /**
   * The same with another primary: the mirror changes places with the old one, which keeps getting
   * a copy.
   */
  public Route swappedTo(String backend) {
    if (backend.equals(primary)) {
      return this;
    }
    List<String> others =
        Stream.concat(Stream.of(primary), mirrors.stream().filter(m -> !m.equals(backend)))
            .toList();
    return new Route(
        collection, backend, others, readFrom.map(from -> from.equals(backend) ? primary : from));
  }
}
