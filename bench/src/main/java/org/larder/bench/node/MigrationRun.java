package org.larder.bench.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A migration in a running node, followed to its end.
 *
 * @param phases how long each was seen, by its name, in the order in which they came; to within the
 *     distance of two looks
 * @param copied records that the back-fill copied
 * @param compared how long comparing took, by the node's own clock
 * @param held how long the backends were held for it
 */
public record MigrationRun(
    Map<String, Duration> phases, long copied, Duration compared, Duration held) {
  private static final String PATH = "/api/v1/admin/migrations";
  private static final Duration POLL = Duration.ofMillis(20);
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * Begins it and waits until the records are read from the target.
   *
   * @param phase is told the name of each phase when it is seen first
   */
  public static MigrationRun follow(
      Node node,
      String collection,
      String from,
      String to,
      Duration patience,
      Consumer<String> phase)
      throws IOException {
    String wanted =
        JsonNodeFactory.instance
            .objectNode()
            .put("collection", collection)
            .put("from", from)
            .put("to", to)
            .put("end", "primary")
            .toString();
    JsonNode status = node.post(PATH, wanted).expecting(202).json();
    String path = PATH + "/" + status.path("id").asLong();
    Map<String, Duration> phases = new LinkedHashMap<>();
    long begin = System.nanoTime();
    long since = begin;
    String current = status.path("phase").asText();
    phase.accept(current);
    while (!status.path("ended").asBoolean()) {
      if (System.nanoTime() - begin > patience.toNanos()) {
        throw new IOException("the migration has not ended within " + patience + ": " + status);
      }
      LockSupport.parkNanos(POLL.toNanos());
      status = node.get(path).expecting(200).json();
      long now = System.nanoTime();
      phases.merge(current, Duration.ofNanos(now - since), Duration::plus);
      since = now;
      if (!status.path("phase").asText().equals(current)) {
        current = status.path("phase").asText();
        phase.accept(current);
      }
    }
    if (!current.equals("done")) {
      throw new IOException("the migration was not brought to its end: " + status);
    }
    JsonNode comparison = status.path("comparison");
    return new MigrationRun(
        phases,
        status.path("copied_records").asLong(),
        seconds(comparison.path("seconds")),
        seconds(comparison.path("held_seconds")));
  }

  private static Duration seconds(JsonNode seconds) {
    return Duration.ofNanos((long) (seconds.asDouble() * NANOS_PER_SECOND));
  }

  /** How long a phase was seen; no time if it was not. */
  public Duration in(String phase) {
    return phases.getOrDefault(phase, Duration.ZERO);
  }
}
