package org.larder.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * An item of a batch that was not taken.
 *
 * @param index its place in the request, from 0
 * @param key its key, null if it has none that can be read
 * @param field what is wrong with it; empty if the item as a whole
 * @param message a sentence without the value itself
 */
public record RejectedItem(int index, String key, String field, String message) {

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("index", index);
    json.writeStringField("key", key);
    json.writeStringField("field", field);
    json.writeStringField("message", message);
    json.writeEndObject();
  }
}
