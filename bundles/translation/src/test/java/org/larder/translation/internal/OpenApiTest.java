package org.larder.translation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;

/** The document and the schemas tell the same story; that the calls do is tested on a node. */
class OpenApiTest {
  private static JsonNode document() throws IOException {
    try (InputStream in = new TranslationOpenApi().open()) {
      return new JsonMapper().readTree(in);
    }
  }

  @Test
  void documentHasTheFieldsOfTheSchemas() throws IOException {
    check(Sessions.SCHEMA, "SessionItem", "Session");
    check(Tasks.SCHEMA, "TaskItem", "Task");
  }

  private static void check(CollectionSchema schema, String item, String record)
      throws IOException {
    JsonNode schemas = document().at("/components/schemas");
    JsonNode read = schemas.get(item);
    JsonNode written = schemas.get(record);
    List<String> required = new ArrayList<>();
    read.get("required").forEach(name -> required.add(name.asText()));
    for (Field field : schema.fields()) {
      JsonNode documented = written.get("properties").get(field.name());
      assertThat(documented).as(field.name()).isNotNull();
      assertThat(required.contains(field.name())).as(field.name()).isEqualTo(field.isRequired());
      if (field.size() > 0 && documented.has("maxLength")) {
        assertThat(documented.get("maxLength").asInt()).as(field.name()).isEqualTo(field.size());
      }
      if (!field.allowed().isEmpty()) {
        List<String> allowed = new ArrayList<>();
        documented.get("enum").forEach(value -> allowed.add(value.asText()));
        assertThat(allowed).as(field.name()).isEqualTo(field.allowed());
      }
    }
    TreeSet<String> unknown = new TreeSet<>();
    read.get("properties").fieldNames().forEachRemaining(unknown::add);
    schema.fields().forEach(field -> unknown.remove(field.name()));
    assertThat(unknown).isEmpty();
  }

  @Test
  void sortableFieldsAreDocumented() throws IOException {
    for (JsonNode parameter :
        document().at("/paths/~1api~1v1~1translation~1sessions/get/parameters")) {
      if (parameter.path("name").asText().equals("sort_by")) {
        List<String> names = new ArrayList<>();
        parameter.at("/schema/enum").forEach(name -> names.add(name.asText()));
        assertThat(names)
            .containsExactlyElementsOf(
                Sessions.SCHEMA.fields().stream()
                    .filter(field -> field.type().isOrdered())
                    .map(Field::name)
                    .toList());
      }
    }
  }
}
