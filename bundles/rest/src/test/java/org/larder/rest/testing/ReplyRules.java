package org.larder.rest.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** Compares replies with what an OpenAPI document says about them. */
final class ReplyRules {
  private static final String PROBLEM = "application/problem+json";

  private final JsonNode document;
  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

  ReplyRules(JsonNode document) {
    this.document = document;
  }

  /** What is wrong with a reply that succeeded. */
  List<String> check(Operation operation, HttpResponse<String> response) {
    List<String> failures = new ArrayList<>();
    String status = Integer.toString(response.statusCode());
    JsonNode found = operation.node().get("responses").get(status);
    if (found == null) {
      failures.add(operation.id() + " replied " + status + ", which is not in the document");
      return failures;
    }
    JsonNode documented = Operation.resolve(document, found);
    String type = mediaType(response);
    JsonNode content = documented.path("content").path(type);
    if (content.isMissingNode()) {
      failures.add(operation.id() + " replied with " + type + ", which is not in the document");
      return failures;
    }
    documented
        .path("headers")
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (response.headers().firstValue(name).isEmpty()) {
                failures.add(operation.id() + " replied without the header " + name);
              }
            });
    if (type.endsWith("json")) {
      failures.addAll(validate(operation, content.get("schema"), response.body()));
    }
    return failures;
  }

  /** What is wrong with a reply that refused. */
  List<String> checkProblem(Operation operation, HttpResponse<String> response) {
    if (!mediaType(response).equals(PROBLEM)) {
      return List.of(
          operation.id()
              + " refused with "
              + response.statusCode()
              + " but the type "
              + mediaType(response));
    }
    JsonNode schema = document.at("/components/schemas/Problem");
    List<String> failures = validate(operation, schema, response.body());
    JsonNode problem = OpenApiCheck.read(response.body());
    if (problem.path("status").asInt() != response.statusCode()) {
      failures.add(operation.id() + ": the problem has another status than the reply");
    }
    return failures;
  }

  private List<String> validate(Operation operation, JsonNode schema, String body) {
    ObjectNode root = schema.deepCopy();
    root.set("components", document.get("components"));
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    List<String> failures = new ArrayList<>();
    for (ValidationMessage message :
        factory.getSchema(root, config).validate(OpenApiCheck.read(body))) {
      failures.add(operation.id() + ": the reply does not fit its schema: " + message.getMessage());
    }
    return failures;
  }

  private static String mediaType(HttpResponse<String> response) {
    return response.headers().firstValue("Content-Type").orElse("none").split(";", 2)[0].strip();
  }
}
