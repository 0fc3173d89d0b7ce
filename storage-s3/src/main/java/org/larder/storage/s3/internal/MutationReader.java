package org.larder.storage.s3.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;

/** Reads what {@link MutationWriter} wrote; for one thread. */
final class MutationReader {
  private final IntFunction<CollectionSchema> schemas;
  private final Map<Integer, RowBuilder> builders = new HashMap<>();

  /**
   * Reads one collection.
   *
   * @param schemas its versions
   */
  MutationReader(IntFunction<CollectionSchema> schemas) {
    this.schemas = schemas;
  }

  /**
   * Reads a line.
   *
   * @throws CorruptObjectException if it is no mutation of this collection; it names the object
   */
  Mutation read(Line line) throws IOException {
    try {
      return parse(line);
    } catch (JsonProcessingException
        | CorruptObjectException
        | InvalidRowException
        | IllegalArgumentException
        | ArithmeticException
        | DateTimeException e) {
      throw CorruptObjectException.in(line.origin().object(), e);
    }
  }

  private Mutation parse(Line line) throws IOException, InvalidRowException {
    try (JsonParser json = Json.FACTORY.createParser(line.bytes())) {
      json.nextToken();
      Mutation.Kind kind = null;
      RowBuilder row = null;
      Map<String, String> texts = Map.of();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "_key", "_seq" -> {}
          case "_op" -> kind = Mutation.Kind.valueOf(json.getText().toUpperCase(Locale.ROOT));
          case "_v" -> row = builder(json.getIntValue());
          case "_text" -> texts = texts(json);
          default -> set(required(row), name, json, texts, line.bytes());
        }
      }
      return new Mutation(required(kind), required(row).build(), line.sequence());
    }
  }

  private RowBuilder builder(int version) {
    return builders.computeIfAbsent(version, v -> RowBuilder.ofStored(schemas.apply(v))).clear();
  }

  private static <T> T required(T value) throws IOException {
    if (value == null) {
      throw new CorruptObjectException("a line has no _op or _v before its fields", null);
    }
    return value;
  }

  private static Map<String, String> texts(JsonParser json) throws IOException {
    Map<String, String> texts = new HashMap<>();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      texts.put(name, json.nextTextValue());
    }
    return texts;
  }

  private static void set(
      RowBuilder row, String name, JsonParser json, Map<String, String> texts, byte[] line)
      throws IOException, InvalidRowException {
    int ordinal = row.schema().findOrdinal(name);
    if (ordinal < 0) {
      throw new CorruptObjectException("a line has the unknown field " + name, null);
    }
    switch (row.schema().field(ordinal).type()) {
      case JSON -> setJson(row, ordinal, json, texts.get(name), line);
      default -> {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
          row.setNull(ordinal);
        } else {
          setPlain(row, ordinal, json);
        }
      }
    }
  }

  /** A null field and the JSON value {@code null} look alike; {@code _text} tells the latter. */
  private static void setJson(
      RowBuilder row, int ordinal, JsonParser json, String text, byte[] line)
      throws IOException, InvalidRowException {
    int start = (int) json.currentTokenLocation().getByteOffset();
    boolean isNull = json.currentToken() == JsonToken.VALUE_NULL;
    json.skipChildren();
    json.finishToken();
    int end = (int) json.currentLocation().getByteOffset();
    if (text != null) {
      byte[] exact = text.getBytes(StandardCharsets.UTF_8);
      row.setJson(ordinal, exact, 0, exact.length);
    } else if (isNull) {
      row.setNull(ordinal);
    } else {
      row.setJson(ordinal, line, start, end - start);
    }
  }

  private static void setPlain(RowBuilder row, int ordinal, JsonParser json)
      throws IOException, InvalidRowException {
    switch (row.schema().field(ordinal).type()) {
      case STRING, TEXT ->
          row.setText(
              ordinal, json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
      case INT64 -> row.setLong(ordinal, json.getLongValue());
      case FLOAT64 -> row.setDouble(ordinal, json.getDoubleValue());
      case DECIMAL -> row.setDecimal(ordinal, new BigDecimal(json.getText()));
      case BOOL -> row.setBoolean(ordinal, json.getBooleanValue());
      case INSTANT -> row.setMicros(ordinal, Row.micros(Instant.parse(json.getText())));
      case BYTES -> row.setBytes(ordinal, json.getBinaryValue());
      case JSON -> throw new IllegalArgumentException("JSON is read elsewhere");
    }
  }
}
