package org.larder.storage.s3.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/**
 * Mutations as compressed JSON lines; the same mutations give the same bytes. Stateless.
 *
 * <p>A line is an object. First {@code _key}, {@code _seq} (the sequence), {@code _op} (put, merge,
 * insert, delete) and {@code _v} (the version of the schema); then the fields that the mutation
 * carries, by name: instants in ISO-8601 and UTC, decimals as text with all digits, bytes in
 * base64, JSON as it is. A JSON text that would not come back so, with line breaks or white space
 * around it, or the text {@code null}, stands in {@code _text} as well, before the fields,
 * character by character.
 */
final class MutationWriter {
  private static final int INITIAL_BYTES = 64 << 10;

  /** Compresses at the first level: a third more bytes for a quarter of the time. */
  private static final class FastGzip extends GZIPOutputStream {
    private FastGzip(OutputStream target) throws IOException {
      super(target, 8192);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private MutationWriter() {}

  /** One object's content. */
  static byte[] write(List<Mutation> mutations) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_BYTES);
    try (JsonGenerator json = Json.FACTORY.createGenerator(new FastGzip(bytes))) {
      json.setRootValueSeparator(new SerializedString("\n"));
      for (Mutation mutation : mutations) {
        write(json, mutation);
      }
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new IllegalStateException("Writing to memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, Mutation mutation) throws IOException {
    Row row = mutation.row();
    json.writeStartObject();
    json.writeStringField("_key", mutation.key());
    json.writeNumberField("_seq", mutation.sequence());
    json.writeStringField("_op", mutation.kind().name().toLowerCase(Locale.ROOT));
    json.writeNumberField("_v", row.schema().version());
    Map<String, String> texts = exactTexts(row);
    if (!texts.isEmpty()) {
      json.writeObjectFieldStart("_text");
      for (Map.Entry<String, String> text : texts.entrySet()) {
        json.writeStringField(text.getKey(), text.getValue());
      }
      json.writeEndObject();
    }
    List<Field> fields = row.schema().fields();
    for (int i = 0; i < fields.size(); i++) {
      if (!row.isAbsent(i)) {
        json.writeFieldName(fields.get(i).name());
        writeValue(json, row, i);
      }
    }
    json.writeEndObject();
  }

  private static Map<String, String> exactTexts(Row row) {
    Map<String, String> texts = new LinkedHashMap<>();
    List<Field> fields = row.schema().fields();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).type() == FieldType.JSON && row.has(i)) {
        String text = row.getString(i);
        if (!isPlain(text)) {
          texts.put(fields.get(i).name(), text);
        }
      }
    }
    return texts;
  }

  /** Whether a JSON text comes back from a line as it is. */
  private static boolean isPlain(String text) {
    return text.equals(text.strip())
        && text.indexOf('\n') < 0
        && text.indexOf('\r') < 0
        && !text.equals("null");
  }

  private static void writeValue(JsonGenerator json, Row row, int ordinal) throws IOException {
    if (row.isNull(ordinal)) {
      json.writeNull();
      return;
    }
    Field field = row.schema().field(ordinal);
    switch (field.type()) {
      case STRING, TEXT -> {
        byte[] utf8 = row.copyBytes(ordinal);
        json.writeUTF8String(utf8, 0, utf8.length);
      }
      case INT64 -> json.writeNumber(row.getLong(ordinal));
      case FLOAT64 -> json.writeNumber(row.getDouble(ordinal));
      case DECIMAL ->
          json.writeString(BigDecimal.valueOf(row.getLong(ordinal), field.size()).toPlainString());
      case BOOL -> json.writeBoolean(row.getBoolean(ordinal));
      case INSTANT -> json.writeString(Row.instant(row.getLong(ordinal)).toString());
      case JSON -> json.writeRawValue(onOneLine(row.copyBytes(ordinal)));
      case BYTES -> json.writeBinary(row.copyBytes(ordinal));
    }
  }

  /** Outside of strings any white space is as good as another; within them there is no break. */
  private static String onOneLine(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8).replace('\n', ' ').replace('\r', ' ');
  }
}
