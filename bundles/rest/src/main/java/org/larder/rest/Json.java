package org.larder.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.larder.storage.model.Limits;

/** The one JSON factory and its bounds. Free for any thread. */
public final class Json {
  /** Nesting of a request as a whole: its envelope, an item, a JSON field, and room to spare. */
  private static final int REQUEST_DEPTH = 100;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(REQUEST_DEPTH)
                  .maxStringLength(Limits.ITEM_BYTES)
                  .maxNumberLength(Limits.ITEM_BYTES)
                  .build())
          .build();

  private Json() {}

  /** The factory; reading is bounded by the limits of every request. */
  public static JsonFactory factory() {
    return FACTORY;
  }

  /** Writes a value; the stream stays open. */
  public static void write(JsonBody body, OutputStream out) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      body.write(json);
    }
  }

  /** A value as bytes of UTF-8. */
  public static byte[] bytes(JsonBody body) {
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      write(body, out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
