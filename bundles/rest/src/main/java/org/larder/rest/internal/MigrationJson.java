package org.larder.rest.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.larder.buffer.MigrationPlan;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus;
import org.larder.rest.Instants;

/** Writes migrations as JSON. */
final class MigrationJson {
  private static final double NANOS = 1e9;

  private MigrationJson() {}

  static void status(MigrationStatus status, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", status.id());
    request(status.request(), json);
    json.writeStringField("phase", status.phase().wireName());
    json.writeBooleanField("ended", status.phase().isEnd());
    json.writeStringField("started_at", Instants.format(status.startedAt()));
    json.writeStringField("ended_at", text(status.endedAt()));
    json.writeNumberField("total_records", status.total());
    json.writeNumberField("copied_records", status.copied());
    json.writeNumberField("verified_records", status.verified());
    json.writeNumberField("records_per_second", Math.round(status.perSecond() * 10) / 10.0);
    if (status.remaining().isPresent()) {
      json.writeNumberField("remaining_seconds", seconds(status.remaining().get()));
    } else {
      json.writeNullField("remaining_seconds");
    }
    json.writeObjectFieldStart("comparison");
    json.writeNumberField("equal_ranges", status.comparison().ranges());
    json.writeNumberField("seconds", seconds(status.comparison().took()));
    json.writeNumberField("held_seconds", seconds(status.comparison().held()));
    String digest = status.comparison().digest();
    json.writeStringField("digest", digest.isEmpty() ? null : digest);
    json.writeEndObject();
    json.writeStringField("code", status.code());
    json.writeStringField("message", status.message());
    json.writeBooleanField("reversible", status.reversible());
    json.writeEndObject();
  }

  static void plan(MigrationPlan plan, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("dry_run", true);
    request(plan.request(), json);
    json.writeStringField("target_kind", plan.targetKind());
    json.writeBooleanField("cut_over", plan.cutOver());
    json.writeNumberField("records", plan.records());
    json.writeNumberField("bytes", plan.bytes());
    json.writeArrayFieldStart("collections");
    for (MigrationPlan.Part part : plan.parts()) {
      json.writeStartObject();
      json.writeStringField("collection", part.collection());
      json.writeNumberField("records", part.records());
      json.writeNumberField("bytes", part.bytes());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("lacks");
    for (String lack : plan.lacks()) {
      json.writeString(lack);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void request(MigrationRequest request, JsonGenerator json) throws IOException {
    json.writeStringField("collection", request.collection());
    json.writeStringField("from", request.from());
    json.writeStringField("to", request.to());
    json.writeStringField("end", request.end().name().toLowerCase(Locale.ROOT));
  }

  private static String text(Optional<Instant> at) {
    return at.map(Instants::format).orElse(null);
  }

  private static double seconds(Duration duration) {
    return Math.round(duration.toNanos() / NANOS * 1_000) / 1_000.0;
  }
}
