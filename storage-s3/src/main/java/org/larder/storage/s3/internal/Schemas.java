package org.larder.storage.s3.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.SchemaCodec;
import org.larder.storage.spi.StorageException;

/**
 * Every version of a schema that a row was written under, each an object of its own: {@code
 * schemas/tasks/v0001.json}, for people and other programs, with the exact encoding in base64. Free
 * for any thread.
 */
final class Schemas {
  private record Version(String collection, int number) {
    static Version of(CollectionSchema schema) {
      return new Version(schema.name(), schema.version());
    }

    String object() {
      return "schemas/%s/v%04d.json".formatted(collection, number);
    }
  }

  private final Bucket bucket;
  private final Map<Version, CollectionSchema> known = new ConcurrentHashMap<>();

  Schemas(Bucket bucket) {
    this.bucket = bucket;
  }

  /** Makes sure that a version is kept. */
  void keep(CollectionSchema schema) {
    Version version = Version.of(schema);
    CollectionSchema kept = known.get(version);
    if (kept == null) {
      kept = read(version).orElse(null);
    }
    if (kept == null) {
      byte[] json = write(schema);
      bucket.put(
          version.object(), json, json.length, request -> request.contentType("application/json"));
    } else if (!kept.equals(schema)) {
      throw new StorageException(
          HALT,
          "SCHEMA_CONFLICT",
          version.object() + " is another schema than the one of this node");
    }
    known.put(version, schema);
  }

  /** A version that is kept. */
  CollectionSchema find(String collection, int number) {
    Version version = new Version(collection, number);
    CollectionSchema schema = known.get(version);
    if (schema == null) {
      schema =
          read(version)
              .orElseThrow(
                  () ->
                      new StorageException(
                          HALT, "SCHEMA_MISSING", "There is no " + version.object()));
      known.put(version, schema);
    }
    return schema;
  }

  private Optional<CollectionSchema> read(Version version) {
    Optional<Bucket.Content> content = bucket.get(version.object());
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try (JsonParser json = Json.FACTORY.createParser(content.get().bytes())) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        if (name.equals("encoded")) {
          return Optional.of(SchemaCodec.decode(json.getBinaryValue()));
        }
        json.skipChildren();
      }
      throw new IOException("it has no encoded schema");
    } catch (IOException | IllegalArgumentException e) {
      throw new StorageException(
          HALT, "CORRUPT_STORE", version.object() + " is damaged: " + e.getMessage(), e);
    }
  }

  private static byte[] write(CollectionSchema schema) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("collection", schema.name());
      json.writeNumberField("version", schema.version());
      json.writeStringField("key", schema.key().name());
      json.writeArrayFieldStart("fields");
      for (Field field : schema.fields()) {
        json.writeStartObject();
        json.writeStringField("name", field.name());
        json.writeStringField("type", field.type().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("size", field.size());
        json.writeStringField("merge", field.mergeRule().name().toLowerCase(Locale.ROOT));
        json.writeBooleanField("required", field.isRequired());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeBinaryField("encoded", SchemaCodec.encode(schema));
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("Writing to memory does not fail", e);
    }
    return bytes.toByteArray();
  }
}
