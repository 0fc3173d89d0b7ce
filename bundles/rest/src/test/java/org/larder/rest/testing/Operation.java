package org.larder.rest.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One operation of an OpenAPI document. */
final class Operation {
  static final int PHASE_LAST = 4;

  private final JsonNode document;
  private final String path;
  private final String method;
  private final JsonNode node;
  private final List<JsonNode> parameters = new ArrayList<>();

  private Operation(JsonNode document, String path, String method, JsonNode node) {
    this.document = document;
    this.path = path;
    this.method = method.toUpperCase(Locale.ROOT);
    this.node = node;
    node.path("parameters").forEach(parameter -> parameters.add(resolve(document, parameter)));
  }

  static List<Operation> of(JsonNode document) {
    List<Operation> operations = new ArrayList<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        entry ->
                            operations.add(
                                new Operation(
                                    document, path.getKey(), entry.getKey(), entry.getValue()))));
    return operations;
  }

  static JsonNode resolve(JsonNode document, JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  String id() {
    return node.get("operationId").asText();
  }

  String method() {
    return method;
  }

  JsonNode node() {
    return node;
  }

  /** What fills comes before what reads, and what deletes comes last. */
  int phase() {
    if (method.equals("DELETE")) {
      return PHASE_LAST;
    }
    if (method.equals("GET")) {
      return 2;
    }
    return path.endsWith("/batch") ? 0 : path.endsWith("/flush") ? 1 : 3;
  }

  boolean hasPathParameter() {
    return path.contains("{");
  }

  boolean documents(int status) {
    return node.get("responses").has(Integer.toString(status));
  }

  boolean needsBody() {
    return node.path("requestBody").path("required").asBoolean();
  }

  /** True if what the examples of the path name is not there on a node without troubles. */
  boolean isAboutTroubles() {
    return node.path("x-about-troubles").asBoolean();
  }

  /** The path with the values given, or else with the document's examples. */
  String path(Map<String, String> values) {
    String filled = path;
    for (JsonNode parameter : parameters) {
      if (parameter.get("in").asText().equals("path")) {
        String name = parameter.get("name").asText();
        String value = values.getOrDefault(name, parameter.path("example").asText());
        filled = filled.replace("{" + name + "}", encode(value));
      }
    }
    return filled;
  }

  /** The path with one value for every parameter. */
  String pathWith(String value) {
    return path.replaceAll("\\{[^}]*}", encode(value));
  }

  /** All query parameters that have an example. */
  String exampleQuery() {
    return query(false);
  }

  /** Those query parameters without which the call is refused, as in their examples. */
  String requiredQuery() {
    return query(true);
  }

  private String query(boolean requiredOnly) {
    List<String> pairs = new ArrayList<>();
    for (JsonNode parameter : parameters) {
      if (parameter.get("in").asText().equals("query")
          && parameter.has("example")
          && (!requiredOnly || parameter.path("required").asBoolean())) {
        pairs.add(parameter.get("name").asText() + "=" + encode(parameter.get("example").asText()));
      }
    }
    return String.join("&", pairs);
  }

  /** A query for every parameter, with a value that its schema forbids. */
  List<String> wrongQueries() {
    List<String> queries = new ArrayList<>();
    for (JsonNode parameter : parameters) {
      JsonNode schema = parameter.get("schema");
      if (!parameter.get("in").asText().equals("query")) {
        continue;
      }
      String name = parameter.get("name").asText();
      if (schema.has("minimum")) {
        queries.add(name + "=" + (schema.get("minimum").asLong() - 1));
        queries.add(name + "=x");
      }
      if (schema.has("maximum")) {
        queries.add(name + "=" + (schema.get("maximum").asLong() + 1));
      }
      if (schema.has("enum") || schema.has("format") || name.equals("cursor")) {
        queries.add(name + "=nonsense");
      }
    }
    return queries;
  }

  /** Examples of bodies by media type. */
  Map<String, JsonNode> bodies() {
    Map<String, JsonNode> bodies = new LinkedHashMap<>();
    node.path("requestBody")
        .path("content")
        .properties()
        .forEach(e -> bodies.put(e.getKey(), e.getValue().get("example")));
    return bodies;
  }

  /** What a reply says about parameters of other operations: operation/parameter to pointer. */
  Map<String, String> links(int status) {
    Map<String, String> links = new LinkedHashMap<>();
    JsonNode response = node.get("responses").path(Integer.toString(status));
    for (JsonNode link : resolve(document, response).path("links")) {
      link.get("parameters")
          .properties()
          .forEach(
              parameter ->
                  links.put(
                      link.get("operationId").asText() + "/" + parameter.getKey(),
                      parameter.getValue().asText().replace("$response.body#", "")));
    }
    return links;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
