package org.larder.rest.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls every operation that a node's OpenAPI document describes, with the document's own examples
 * and with what must be refused, and compares the replies with the document. For one thread.
 */
public final class OpenApiCheck {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String UNKNOWN = "no-such-thing";

  private final URI node;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> failures = new ArrayList<>();

  /** Values that earlier replies gave for parameters of later calls: operation/parameter. */
  private final Map<String, String> linked = new HashMap<>();

  private ReplyRules rules;
  private int calls;

  private OpenApiCheck(URI node) {
    this.node = node;
  }

  /**
   * What was found.
   *
   * @param calls how many requests were sent
   * @param failures every deviation, as a sentence; empty if there is none
   */
  public record Findings(int calls, List<String> failures) {}

  /** Checks the node at that address, whose path is empty or {@code /}. */
  public static Findings check(URI node) {
    OpenApiCheck check = new OpenApiCheck(node);
    check.run();
    return new Findings(check.calls, List.copyOf(check.failures));
  }

  private void run() {
    JsonNode document = read(send("GET", "/openapi.json", Map.of(), null).body());
    failures.addAll(DocumentRules.check(document));
    if (!failures.isEmpty()) {
      return;
    }
    rules = new ReplyRules(document);
    List<Operation> operations = Operation.of(document);
    operations.sort(Comparator.comparingInt(Operation::phase));
    for (Operation operation : operations) {
      refusals(operation);
      examples(operation);
    }
  }

  private void examples(Operation operation) {
    Map<String, String> links = linkedFor(operation);
    if (operation.isAboutTroubles()) {
      return;
    }
    String required = operation.requiredQuery();
    String least = operation.path(links) + (required.isEmpty() ? "" : "?" + required);
    expectSuccess(operation, least, Map.of(), null);
    if (operation.phase() == Operation.PHASE_LAST) {
      return;
    }
    String query = operation.exampleQuery();
    if (!query.equals(required)) {
      expectSuccess(operation, operation.path(links) + "?" + query, Map.of(), null);
    }
    operation
        .bodies()
        .forEach(
            (type, example) ->
                expectSuccess(
                    operation,
                    least,
                    Map.of("Content-Type", type),
                    example.isTextual() ? example.asText() : example.toString()));
  }

  private Map<String, String> linkedFor(Operation operation) {
    Map<String, String> values = new HashMap<>();
    linked.forEach(
        (name, value) -> {
          if (name.startsWith(operation.id() + "/")) {
            values.put(name.substring(operation.id().length() + 1), value);
          }
        });
    return values;
  }

  private void expectSuccess(
      Operation operation, String path, Map<String, String> headers, String body) {
    if (body == null && operation.needsBody()) {
      return;
    }
    HttpResponse<String> response = send(operation.method(), path, headers, body);
    if (response.statusCode() / 100 != 2) {
      failures.add(
          operation.id() + " " + path + " replied " + response.statusCode() + " " + cut(response));
      return;
    }
    failures.addAll(rules.check(operation, response));
    operation
        .links(response.statusCode())
        .forEach(
            (target, pointer) -> linked.put(target, read(response.body()).at(pointer).asText()));
  }

  private void refusals(Operation operation) {
    String path = operation.path(linkedFor(operation));
    if (!operation.requiredQuery().isEmpty()) {
      expectRefusal(operation, path, Map.of(), null, 422);
    }
    for (String wrong : operation.wrongQueries()) {
      expectRefusal(operation, path + "?" + wrong, Map.of(), null, 422);
    }
    if (operation.documents(404) && operation.hasPathParameter()) {
      String nowhere = operation.pathWith(UNKNOWN);
      HttpResponse<String> response = expectRefusal(operation, nowhere, Map.of(), null, 404);
      if (!response.body().contains(UNKNOWN)) {
        failures.add(operation.id() + ": the 404 does not name the id it was asked for");
      }
    }
    if (operation.bodies().containsKey("application/json")) {
      Map<String, String> json = Map.of("Content-Type", "application/json");
      expectRefusal(operation, path, json, "{\"", 400);
      expectRefusal(operation, path, json, "[]", 422);
    }
    if (operation.documents(415)) {
      expectRefusal(operation, path, Map.of("Content-Type", "text/plain"), "hello", 415);
    }
    HttpResponse<String> patch =
        expectRefusal("PATCH", operation, path, Map.of("Content-Type", "a/b"), "", 405);
    if (patch.headers().firstValue("Allow").isEmpty()) {
      failures.add(operation.id() + ": the 405 has no Allow");
    }
  }

  private HttpResponse<String> expectRefusal(
      Operation operation, String path, Map<String, String> headers, String body, int status) {
    return expectRefusal(operation.method(), operation, path, headers, body, status);
  }

  private HttpResponse<String> expectRefusal(
      String method,
      Operation operation,
      String path,
      Map<String, String> headers,
      String body,
      int status) {
    HttpResponse<String> response = send(method, path, headers, body);
    if (response.statusCode() != status) {
      failures.add(
          operation.id()
              + ": "
              + method
              + " "
              + path
              + " replied "
              + response.statusCode()
              + " and not "
              + status
              + " "
              + cut(response));
    } else {
      failures.addAll(rules.checkProblem(operation, response));
    }
    return response;
  }

  private HttpResponse<String> send(
      String method, String path, Map<String, String> headers, String body) {
    calls++;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(node.resolve(path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException("No reply to " + method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private static String cut(HttpResponse<String> response) {
    return response.body().substring(0, Math.min(300, response.body().length()));
  }

  static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException("Not JSON: " + text, e);
    }
  }
}
