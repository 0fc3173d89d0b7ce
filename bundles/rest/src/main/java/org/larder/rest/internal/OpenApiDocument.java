package org.larder.rest.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.larder.rest.Json;
import org.larder.rest.OpenApiFragment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One OpenAPI document out of the system's own and those of the domains that are there now. Free
 * for any thread.
 */
final class OpenApiDocument {
  private static final Logger log = LoggerFactory.getLogger(OpenApiDocument.class);

  private final Supplier<List<OpenApiFragment>> fragments;
  private final String version;

  OpenApiDocument(Supplier<List<OpenApiFragment>> fragments, String version) {
    this.fragments = fragments;
    this.version = version;
  }

  /** The document in JSON. */
  byte[] bytes() {
    try {
      Parts parts = new Parts();
      try (InputStream own = resource("openapi.json")) {
        parts.read(own);
      }
      for (OpenApiFragment fragment : fragments.get()) {
        try (InputStream in = fragment.open()) {
          parts.read(in);
        } catch (IOException e) {
          // One domain's trouble must not hide the others.
          log.warn("{} gives no OpenAPI document", fragment.getClass().getName(), e);
        }
      }
      return Json.bytes(json -> parts.write(version, json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page that shows the document. */
  String page() {
    try (InputStream in = resource("docs.html")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = OpenApiDocument.class.getResourceAsStream(name);
    if (in == null) {
      throw new IOException("The bundle has no " + name);
    }
    return in;
  }

  /** The parts of all documents, each kept as text; for one thread. */
  private static final class Parts {
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final Map<String, String> paths = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> components = new LinkedHashMap<>();
    private final Map<String, String> others = new LinkedHashMap<>();

    void read(InputStream in) throws IOException {
      try (JsonParser parser = Json.factory().createParser(in)) {
        parser.nextToken();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          switch (name) {
            case "tags" -> {
              while (parser.nextToken() != JsonToken.END_ARRAY) {
                String tag = copy(parser);
                tags.putIfAbsent(tag, tag);
              }
            }
            case "paths" -> members(parser, paths);
            case "components" -> {
              for (String kind = parser.nextFieldName();
                  kind != null;
                  kind = parser.nextFieldName()) {
                parser.nextToken();
                members(parser, components.computeIfAbsent(kind, k -> new LinkedHashMap<>()));
              }
            }
            default -> others.putIfAbsent(name, copy(parser));
          }
        }
      }
    }

    private static void members(JsonParser parser, Map<String, String> target) throws IOException {
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        String value = copy(parser);
        String before = target.putIfAbsent(name, value);
        if (before != null && !before.equals(value)) {
          log.warn("Two OpenAPI documents define {} differently; the first one stays", name);
        }
      }
    }

    private static String copy(JsonParser parser) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (JsonGenerator json = Json.factory().createGenerator(out)) {
        json.copyCurrentStructure(parser);
      }
      return out.toString(StandardCharsets.UTF_8);
    }

    void write(String version, JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeStringField("openapi", "3.1.0");
      for (Map.Entry<String, String> other : others.entrySet()) {
        if (!other.getKey().equals("openapi")) {
          json.writeFieldName(other.getKey());
          json.writeRawValue(other.getValue().replace("${version}", version));
        }
      }
      json.writeArrayFieldStart("tags");
      for (String tag : tags.keySet()) {
        json.writeRawValue(tag);
      }
      json.writeEndArray();
      json.writeFieldName("paths");
      members(paths, json);
      json.writeObjectFieldStart("components");
      for (Map.Entry<String, Map<String, String>> kind : components.entrySet()) {
        json.writeFieldName(kind.getKey());
        members(kind.getValue(), json);
      }
      json.writeEndObject();
      json.writeEndObject();
    }

    private static void members(Map<String, String> members, JsonGenerator json)
        throws IOException {
      json.writeStartObject();
      for (Map.Entry<String, String> member : members.entrySet()) {
        json.writeFieldName(member.getKey());
        json.writeRawValue(member.getValue());
      }
      json.writeEndObject();
    }
  }
}
