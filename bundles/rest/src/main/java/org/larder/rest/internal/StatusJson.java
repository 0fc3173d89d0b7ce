package org.larder.rest.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.larder.buffer.BackendStatus;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.JournalStatus;
import org.larder.buffer.Recovery;
import org.larder.rest.Instants;
import org.larder.rest.RowWriter;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Index;

/** Writes what operators ask about as JSON: durations in seconds, sizes in bytes. */
final class StatusJson {
  private static final double MILLIS_A_SECOND = 1000.0;

  private StatusJson() {}

  static void backend(BackendStatus backend, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", backend.name());
    json.writeStringField("kind", backend.kind());
    json.writeBooleanField("primary", backend.primary());
    json.writeStringField("condition", backend.condition());
    json.writeStringField("detail", backend.detail());
    json.writeFieldName("stored_bytes");
    if (backend.storedBytes() < 0) {
      json.writeNull();
    } else {
      json.writeNumber(backend.storedBytes());
    }
    strings("capabilities", backend.capabilities(), json);
    json.writeEndObject();
  }

  static void follower(FollowerStatus follower, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", follower.name());
    json.writeStringField("backend", follower.backend());
    json.writeStringField("state", word(follower.state()));
    json.writeStringField("code", follower.code());
    json.writeStringField("message", follower.message());
    json.writeNumberField("position", follower.position());
    json.writeNumberField("durable_position", follower.durablePosition());
    json.writeNumberField("end", follower.end());
    json.writeNumberField("lag", follower.lag());
    json.writeNumberField(
        "oldest_pending_seconds", follower.oldestPending().toMillis() / MILLIS_A_SECOND);
    json.writeNumberField("batches", follower.batches());
    json.writeNumberField("items", follower.items());
    json.writeNumberField("retries", follower.retries());
    json.writeNumberField("dead_letters", follower.deadLetters());
    json.writeEndObject();
  }

  static void buffer(BufferStatus status, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("ready", status.ready());
    json.writeObjectFieldStart("pending");
    for (Map.Entry<String, Long> entry : new TreeMap<>(status.pending()).entrySet()) {
      json.writeNumberField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("pending_total", status.pendingTotal());
    json.writeNumberField("capacity", status.capacity());
    json.writeStringField("last_flush", status.lastFlush().map(Instants::format).orElse(null));
    json.writeNumberField("acknowledged_items", status.acknowledgedItems());
    json.writeFieldName("journal");
    journal(status.journal(), json);
    json.writeEndObject();
  }

  private static void journal(JournalStatus journal, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("live_bytes", journal.liveBytes());
    json.writeNumberField("max_bytes", journal.maxBytes());
    json.writeNumberField("segments", journal.segments());
    json.writeNumberField("start_sequence", journal.startSequence());
    json.writeNumberField("end_sequence", journal.endSequence());
    json.writeNumberField("groups", journal.groups());
    json.writeNumberField("force_seconds", journal.forceTotal().toNanos() / 1e9);
    json.writeNumberField("force_max_seconds", journal.forceMax().toNanos() / 1e9);
    json.writeNumberField("failed_forces", journal.failedForces());
    json.writeEndObject();
  }

  static void deadLetter(DeadLetter letter, JsonGenerator json) throws IOException {
    json.writeStartObject();
    deadLetterFields(letter, json);
    json.writeEndObject();
  }

  /** With the record that was refused, as far as the change carried it. */
  static void deadLetterInFull(DeadLetter letter, JsonGenerator json) throws IOException {
    json.writeStartObject();
    deadLetterFields(letter, json);
    json.writeFieldName("record");
    RowWriter.of(letter.row().schema()).write(letter.row(), json);
    json.writeEndObject();
  }

  private static void deadLetterFields(DeadLetter letter, JsonGenerator json) throws IOException {
    json.writeStringField("follower", letter.follower());
    json.writeNumberField("sequence", letter.sequence());
    json.writeStringField("collection", letter.row().schema().name());
    json.writeStringField("key", letter.row().key());
    json.writeStringField("kind", word(letter.kind()));
    json.writeStringField("code", letter.code());
    json.writeStringField("reason", letter.reason());
    json.writeStringField("at", Instants.format(letter.at()));
  }

  static void recovery(Recovery recovery, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("at", Instants.format(recovery.at()));
    json.writeNumberField("epoch", recovery.epoch());
    json.writeNumberField("start_sequence", recovery.startSequence());
    json.writeNumberField("end_sequence", recovery.endSequence());
    json.writeNumberField("segments", recovery.segments());
    json.writeNumberField("frames", recovery.frames());
    json.writeNumberField("took_seconds", recovery.took().toMillis() / MILLIS_A_SECOND);
    json.writeFieldName("replayed");
    if (recovery.replayed() < 0) {
      json.writeNull();
    } else {
      json.writeNumber(recovery.replayed());
    }
    json.writeArrayFieldStart("findings");
    for (Recovery.Finding finding : recovery.findings()) {
      json.writeStartObject();
      json.writeStringField("kind", finding.kind());
      json.writeStringField("file", finding.file());
      json.writeNumberField("bytes", finding.bytes());
      json.writeNumberField("from_sequence", finding.fromSequence());
      json.writeNumberField("to_sequence", finding.toSequence());
      json.writeStringField("sentence", finding.sentence());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  static void collection(CollectionSchema schema, long pending, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", schema.name());
    json.writeNumberField("version", schema.version());
    json.writeStringField("key", schema.key().name());
    json.writeStringField("partition_field", schema.partitionField());
    json.writeStringField("retention_class", schema.retentionClass());
    json.writeNumberField("pending", pending);
    json.writeArrayFieldStart("fields");
    for (Field field : schema.fields()) {
      field(field, json);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("indexes");
    for (Index index : schema.indexes()) {
      json.writeStartObject();
      strings("fields", index.fields(), json);
      strings("include", index.include(), json);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void field(Field field, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", field.name());
    json.writeStringField("type", word(field.type()));
    if (field.size() > 0) {
      json.writeNumberField("size", field.size());
    }
    json.writeBooleanField("required", field.isRequired());
    json.writeStringField("merge", word(field.mergeRule()));
    if (field.defaultValue().isPresent()) {
      json.writeObjectField("default", field.defaultValue().get());
    }
    bound("minimum", field.minimum().orElse(null), json);
    bound("maximum", field.maximum().orElse(null), json);
    if (!field.allowed().isEmpty()) {
      strings("allowed", field.allowed(), json);
    }
    json.writeEndObject();
  }

  private static void bound(String name, BigDecimal value, JsonGenerator json) throws IOException {
    if (value != null) {
      json.writeNumberField(name, value);
    }
  }

  private static void strings(String name, Collection<String> values, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : List.copyOf(values)) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
