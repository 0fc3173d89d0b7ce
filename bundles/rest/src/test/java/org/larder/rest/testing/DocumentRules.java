package org.larder.rest.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What has to be true of an OpenAPI document in itself. */
final class DocumentRules {
  private static final Pattern VARIABLE = Pattern.compile("\\{([^}]*)}");

  private DocumentRules() {}

  /** Everything that is wrong, as sentences. */
  static List<String> check(JsonNode document) {
    List<String> failures = new ArrayList<>();
    if (!document.path("openapi").asText().startsWith("3.1.")) {
      failures.add("The document is not of OpenAPI 3.1");
    }
    for (String needed : List.of("title", "version")) {
      if (document.path("info").path(needed).asText().isEmpty()) {
        failures.add("The document's info has no " + needed);
      }
    }
    references(document, document, failures);
    Set<String> tags = new HashSet<>();
    document.path("tags").forEach(tag -> tags.add(tag.path("name").asText()));
    Set<String> ids = new HashSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        entry -> {
                          String where = entry.getKey() + " " + path.getKey();
                          operation(document, path.getKey(), where, entry.getValue(), failures);
                          if (!ids.add(entry.getValue().path("operationId").asText())) {
                            failures.add(where + " has an operationId used twice or none");
                          }
                          entry
                              .getValue()
                              .path("tags")
                              .forEach(
                                  tag -> {
                                    if (!tags.contains(tag.asText())) {
                                      failures.add(where + " has an unknown tag " + tag);
                                    }
                                  });
                        }));
    if (ids.isEmpty()) {
      failures.add("The document has no operations");
    }
    return failures;
  }

  private static void references(JsonNode document, JsonNode node, List<String> failures) {
    if (node.isObject() && node.has("$ref")) {
      String reference = node.get("$ref").asText();
      if (!reference.startsWith("#/") || document.at(reference.substring(1)).isMissingNode()) {
        failures.add("The document refers to " + reference + ", which it does not have");
      }
    }
    node.forEach(child -> references(document, child, failures));
  }

  private static void operation(
      JsonNode document, String path, String where, JsonNode operation, List<String> failures) {
    if (operation.path("summary").asText().isEmpty()) {
      failures.add(where + " has no summary");
    }
    if (operation.path("responses").isEmpty()) {
      failures.add(where + " has no responses");
    }
    Set<String> declared = new HashSet<>();
    for (JsonNode found : operation.path("parameters")) {
      JsonNode parameter = Operation.resolve(document, found);
      if (parameter.path("in").asText().equals("path")) {
        declared.add(parameter.path("name").asText());
        if (!parameter.path("required").asBoolean() || !parameter.has("example")) {
          failures.add(where + ": a path parameter is required and has an example");
        }
      }
    }
    Set<String> used = new HashSet<>();
    Matcher matcher = VARIABLE.matcher(path);
    while (matcher.find()) {
      used.add(matcher.group(1));
    }
    if (!used.equals(declared)) {
      failures.add(where + " declares " + declared + " but its path has " + used);
    }
    operation
        .path("requestBody")
        .path("content")
        .properties()
        .forEach(
            content -> {
              if (!content.getValue().has("example")) {
                failures.add(where + " has no example of " + content.getKey());
              }
            });
  }
}
