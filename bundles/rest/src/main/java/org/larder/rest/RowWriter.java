package org.larder.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Base64;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Row;

/**
 * Writes rows of one collection as JSON objects: every field, null where it has no value. JSON
 * fields come out byte by byte as they came in. Immutable and free for any thread.
 */
public final class RowWriter {
  private final CollectionSchema schema;
  private final SerializableString[] names;
  private final More more;

  /** Adds members to each object. */
  @FunctionalInterface
  public interface More {
    /** Writes further members of the object that is open. */
    void write(Row row, JsonGenerator json) throws IOException;
  }

  private RowWriter(CollectionSchema schema, SerializableString[] names, More more) {
    this.schema = schema;
    this.names = names;
    this.more = more;
  }

  /** Writes the fields of that collection. */
  public static RowWriter of(CollectionSchema schema) {
    SerializableString[] names =
        schema.fields().stream()
            .map(field -> new SerializedString(field.name()))
            .toArray(SerializableString[]::new);
    return new RowWriter(schema, names, (row, json) -> {});
  }

  /** The same, with further members in each object. */
  public RowWriter with(More members) {
    return new RowWriter(schema, names, members);
  }

  /** Writes one object. */
  public void write(Row row, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (int i = 0; i < names.length; i++) {
      json.writeFieldName(names[i]);
      if (i < row.schema().fields().size() && row.has(i)) {
        writeValue(row, i, json);
      } else {
        json.writeNull();
      }
    }
    more.write(row, json);
    json.writeEndObject();
  }

  private void writeValue(Row row, int ordinal, JsonGenerator json) throws IOException {
    switch (schema.field(ordinal).type()) {
      case STRING, TEXT -> {
        byte[] text = row.copyBytes(ordinal);
        json.writeUTF8String(text, 0, text.length);
      }
      case INT64 -> json.writeNumber(row.getLong(ordinal));
      case DECIMAL -> json.writeNumber(decimal(row, ordinal));
      case FLOAT64 -> json.writeNumber(row.getDouble(ordinal));
      case BOOL -> json.writeBoolean(row.getBoolean(ordinal));
      case INSTANT -> json.writeString(Instants.format(row.getLong(ordinal)));
      case JSON -> json.writeRawValue(row.getString(ordinal));
      case BYTES -> json.writeString(Base64.getEncoder().encodeToString(row.copyBytes(ordinal)));
    }
  }

  private BigDecimal decimal(Row row, int ordinal) {
    return BigDecimal.valueOf(row.getLong(ordinal), schema.field(ordinal).size())
        .stripTrailingZeros();
  }
}
