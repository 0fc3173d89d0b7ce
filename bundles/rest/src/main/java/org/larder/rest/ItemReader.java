package org.larder.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Base64;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Limits;
import org.larder.storage.model.RowBuilder;

/**
 * Reads one item after another from a parser over an array of bytes into a row builder. An item
 * with something wrong is read to its end all the same, so that the next one is found and its key
 * can be told. For one thread.
 */
final class ItemReader {
  /** More characters than any number that a field can hold. */
  private static final int NUMBER_LENGTH = 400;

  private final ItemFormat format;
  private final CollectionSchema schema;
  private final byte[] bytes;
  private final InstantParser instants = new InstantParser();
  private final char[] key = new char[Limits.KEY_CODE_POINTS * 2];

  private JsonParser parser;
  private int base;
  private int keyLength;

  /**
   * A reader.
   *
   * @param bytes what the parsers read
   */
  ItemReader(ItemFormat format, byte[] bytes) {
    this.format = format;
    this.schema = format.schema();
    this.bytes = bytes;
  }

  /** Reads from that parser, which began at that offset of the bytes. */
  void use(JsonParser source, int offset) {
    parser = source;
    base = offset;
  }

  /** The key of the item read last, as far as it fits a key; null if it had none. */
  String key() {
    return keyLength < 0 ? null : new String(key, 0, keyLength);
  }

  /**
   * Reads the item whose first token is the parser's current one, to its end.
   *
   * @throws InvalidRowException says what is wrong first; the item was read to its end
   * @throws IOException if this is no JSON
   */
  void read(RowBuilder row) throws IOException, InvalidRowException {
    keyLength = -1;
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      throw new InvalidRowException("", "The item is not an object");
    }
    InvalidRowException first = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      int ordinal = format.readable(name);
      if (ordinal < 0) {
        parser.skipChildren();
        continue;
      }
      try {
        readField(row, ordinal, token);
      } catch (InvalidRowException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private void readField(RowBuilder row, int ordinal, JsonToken token)
      throws IOException, InvalidRowException {
    Field field = schema.field(ordinal);
    if (token == JsonToken.VALUE_NULL) {
      row.setNull(ordinal);
      return;
    }
    switch (field.type()) {
      case STRING, TEXT -> readText(row, ordinal, token);
      case INT64 -> row.setLong(ordinal, integer(field, token));
      case DECIMAL -> row.setDecimal(ordinal, decimal(field, token, "is not a number"));
      case FLOAT64 ->
          row.setDouble(ordinal, decimal(field, token, "is not a number").doubleValue());
      case BOOL -> {
        expect(field, token.isBoolean(), "is not true or false");
        row.setBoolean(ordinal, token == JsonToken.VALUE_TRUE);
      }
      case INSTANT -> row.setMicros(ordinal, micros(field, token));
      case JSON -> readJson(row, ordinal, token);
      case BYTES -> row.setBytes(ordinal, base64(field, token));
    }
  }

  private void readText(RowBuilder row, int ordinal, JsonToken token)
      throws IOException, InvalidRowException {
    expect(schema.field(ordinal), token == JsonToken.VALUE_STRING, "is not a string");
    char[] text = parser.getTextCharacters();
    int offset = parser.getTextOffset();
    int length = parser.getTextLength();
    if (ordinal == CollectionSchema.KEY) {
      keyLength = Math.min(length, key.length);
      System.arraycopy(text, offset, key, 0, keyLength);
    }
    row.setText(ordinal, text, offset, length);
  }

  private long integer(Field field, JsonToken token) throws IOException, InvalidRowException {
    if (token == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() < NUMBER_LENGTH) {
      try {
        return parser.getLongValue();
      } catch (InputCoercionException e) {
        throw new InvalidRowException(field.name(), "is out of the range of an integer");
      }
    }
    try {
      return decimal(field, token, "is not an integer").longValueExact();
    } catch (ArithmeticException e) {
      throw new InvalidRowException(field.name(), "is not an integer");
    }
  }

  private BigDecimal decimal(Field field, JsonToken token, String otherwise)
      throws IOException, InvalidRowException {
    expect(field, token.isNumeric(), otherwise);
    int length = parser.getTextLength();
    expect(field, length < NUMBER_LENGTH, "has too many digits");
    try {
      return new BigDecimal(parser.getTextCharacters(), parser.getTextOffset(), length);
    } catch (NumberFormatException e) {
      throw new InvalidRowException(field.name(), "has an exponent that is out of range");
    }
  }

  private long micros(Field field, JsonToken token) throws IOException, InvalidRowException {
    expect(field, token == JsonToken.VALUE_STRING, "is not an ISO 8601 time");
    long micros =
        instants.parse(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    expect(field, micros != InstantParser.INVALID, "is not an ISO 8601 time");
    return micros;
  }

  private byte[] base64(Field field, JsonToken token) throws IOException, InvalidRowException {
    expect(field, token == JsonToken.VALUE_STRING, "is not base64");
    try {
      return Base64.getDecoder().decode(parser.getText());
    } catch (IllegalArgumentException e) {
      throw new InvalidRowException(field.name(), "is not base64");
    }
  }

  /** Cuts the value out of the request, byte by byte as it came. */
  private void readJson(RowBuilder row, int ordinal, JsonToken token)
      throws IOException, InvalidRowException {
    Field field = schema.field(ordinal);
    int from = base + (int) parser.currentTokenLocation().getByteOffset();
    int deepest = skip(token);
    int to = base + (int) parser.currentLocation().getByteOffset();
    expect(
        field,
        !format.takesOnlyObjects(ordinal) || token == JsonToken.START_OBJECT,
        "is not a JSON object");
    expect(
        field,
        deepest <= Limits.JSON_DEPTH,
        "is nested deeper than " + Limits.JSON_DEPTH + " levels");
    expect(field, Utf8.isValid(bytes, from, to), "is not well-formed UTF-8");
    row.setJson(ordinal, bytes, from, to - from);
  }

  /** Goes to the end of a value; returns how deep it was nested. */
  private int skip(JsonToken first) throws IOException {
    if (!first.isStructStart()) {
      parser.finishToken();
      return 0;
    }
    int depth = 1;
    int deepest = 1;
    while (depth > 0) {
      JsonToken token = parser.nextToken();
      if (token.isStructStart()) {
        deepest = Math.max(deepest, ++depth);
      } else if (token.isStructEnd()) {
        depth--;
      }
    }
    return deepest;
  }

  private void expect(Field field, boolean holds, String otherwise)
      throws IOException, InvalidRowException {
    if (!holds) {
      parser.skipChildren();
      throw new InvalidRowException(field.name(), otherwise);
    }
  }
}
