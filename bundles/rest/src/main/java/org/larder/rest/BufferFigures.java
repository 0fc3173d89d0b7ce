package org.larder.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.larder.buffer.BufferStatus;
import org.larder.storage.model.CollectionSchema;

/**
 * The buffer's figures as health and statistics show them: how many records of each collection
 * wait, the flush size as the capacity, how full that is. Immutable.
 */
public final class BufferFigures {
  private final BufferStatus status;
  private final Map<String, Long> counts = new TreeMap<>();

  private BufferFigures(BufferStatus status, List<CollectionSchema> collections) {
    this.status = status;
    for (CollectionSchema schema : collections) {
      counts.merge(
          name(schema.name()), status.pending().getOrDefault(schema.name(), 0L), Long::sum);
    }
  }

  /** The figures of those collections; each is called by the last word of its name. */
  public static BufferFigures of(BufferStatus status, List<CollectionSchema> collections) {
    return new BufferFigures(status, collections);
  }

  private static String name(String collection) {
    return collection.substring(collection.lastIndexOf('_') + 1) + "_count";
  }

  /** Writes one object: {@code <name>_count, …, total_count, capacity, usage_percent, …}. */
  public void write(JsonGenerator json) throws IOException {
    long total = counts.values().stream().mapToLong(Long::longValue).sum();
    json.writeStartObject();
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeNumberField("total_count", total);
    json.writeNumberField("capacity", status.capacity());
    json.writeNumberField(
        "usage_percent", Math.round(10_000.0 * total / status.capacity()) / 100.0);
    json.writeStringField("last_flush", status.lastFlush().map(Instants::format).orElse(null));
    json.writeEndObject();
  }
}
