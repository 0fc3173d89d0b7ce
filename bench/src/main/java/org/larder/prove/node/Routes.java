package org.larder.prove.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The route of all collections in a running node, changed by its admin API; for one thread. */
public final class Routes {
  private static final String ALL = "/api/v1/admin/routes/*";
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(50);

  private final NodeUnderProof node;

  /** Of that node. */
  public Routes(NodeUnderProof node) {
    this.node = node;
  }

  /** Leads all records to that backend and copies to the others. */
  public void lead(String primary, List<String> mirrors) throws IOException {
    ObjectNode route = JsonNodeFactory.instance.objectNode().put("primary", primary);
    mirrors.forEach(route.putArray("mirrors")::add);
    node.node().post(ALL, route.toString()).expecting(200);
  }

  /** Waits until a mirror has all that the primary has. */
  public void awaitLive(String backend) throws IOException {
    await(
        backend + " to be live",
        route -> {
          for (JsonNode copy : route.path("copies")) {
            if (copy.path("backend").asText().equals(backend)) {
              return copy.path("completeness").asText().equals("live");
            }
          }
          return false;
        });
  }

  /** Waits until reads go to that backend. */
  public void awaitSource(String backend) throws IOException {
    await("reads to go to " + backend, route -> route.path("source").asText().equals(backend));
  }

  /** Makes another backend the primary without any other: first its mirror, then in its place. */
  public void move(String from, String to) throws IOException {
    lead(from, List.of(to));
    awaitLive(to);
    lead(to, List.of());
    awaitSource(to);
  }

  private interface Condition {
    boolean test(JsonNode route);
  }

  private void await(String what, Condition condition) throws IOException {
    long begin = System.nanoTime();
    JsonNode route = node.node().get(ALL).expecting(200).json();
    while (!condition.test(route)) {
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IOException("waited too long for " + what + ": " + route);
      }
      LockSupport.parkNanos(POLL.toNanos());
      route = node.node().get(ALL).expecting(200).json();
    }
  }
}
