package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Phase;

/** What tests of migrations have in common: a node whose routes outlive it. */
final class MigrationFixture {
  static final String ROUTES = "larder.routes.cfg";

  private MigrationFixture() {}

  /** Opens a node with the routes that its folder configures. */
  static TestNode open(Path data, FakeBackend... backends) throws IOException {
    TestNode node = new TestNode(data);
    Map<String, String> settings = new HashMap<>();
    Path file = data.resolve(ROUTES);
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        String[] parts = line.split("=", 2);
        if (parts.length == 2) {
          settings.put(parts[0].strip(), parts[1].strip());
        }
      }
    }
    node.routes = RouteSettings.read(settings);
    node.keeper = routesOf(data);
    node.open();
    for (FakeBackend backend : backends) {
      node.buffer.addBackend(backend);
    }
    return node;
  }

  /** The file of routes of a node with that folder. */
  static RouteFile routesOf(Path data) {
    return new RouteFile(data.resolve(ROUTES));
  }

  static MigrationRequest request(String collection) {
    return new MigrationRequest(collection, "main", "copy", MigrationRequest.End.AUTOMATIC);
  }

  static MigrationStatus status(TestNode node, long id) {
    return node.buffer.migrations().find(id).orElseThrow();
  }

  /** Waits until a migration is in that phase. */
  static MigrationStatus await(TestNode node, long id, Phase phase) {
    try {
      TestNode.until(
          () -> {
            MigrationStatus now = status(node, id);
            return now.phase() == phase || now.phase() == Phase.FAILED;
          });
    } catch (AssertionError e) {
      throw new AssertionError("Not " + phase + ": " + status(node, id), e);
    }
    MigrationStatus now = status(node, id);
    if (now.phase() != phase) {
      throw new AssertionError("Not " + phase + ": " + now);
    }
    return now;
  }
}
