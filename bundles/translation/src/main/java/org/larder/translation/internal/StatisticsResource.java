package org.larder.translation.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.larder.buffer.Answer;
import org.larder.buffer.BackendStatus;
import org.larder.buffer.BufferControl;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.Consistency;
import org.larder.buffer.RecordReader;
import org.larder.rest.BufferFigures;
import org.larder.rest.QueryParameters;
import org.larder.rest.Replies;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Aggregation.Measure;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Group;

/** Figures of all sessions and tasks, from indexes alone. Free for any thread. */
@Path("stats")
@Produces(MediaType.APPLICATION_JSON)
public final class StatisticsResource {
  private static final double MICROS_A_SECOND = 1e6;
  private static final double MILLIS_A_SECOND = 1e3;
  private static final double BYTES_A_MEGABYTE = 1e6;

  private final RecordReader reader;
  private final BufferControl buffer;

  StatisticsResource(RecordReader reader, BufferControl buffer) {
    this.reader = reader;
    this.buffer = buffer;
  }

  @GET
  public Response statistics(@Context UriInfo uri) {
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    Consistency consistency = parameters.consistency();
    parameters.check();
    Answer<List<Group>> sessions =
        reader.aggregate(
            byStatus(
                Sessions.SCHEMA,
                Measure.count(),
                Measure.average("updated_at"),
                Measure.average("created_at")),
            consistency);
    Answer<List<Group>> tasks =
        reader.aggregate(
            byStatus(
                Tasks.SCHEMA,
                Measure.count(),
                Measure.average("duration_ms"),
                new Measure(Aggregation.Function.COUNT, "duration_ms")),
            consistency);
    Map<String, Long> sessionCounts = counts(Sessions.STATUSES, sessions.value());
    Map<String, Long> taskCounts = counts(Tasks.STATUSES, tasks.value());
    BufferStatus status = buffer.status();
    BufferFigures figures = BufferFigures.of(status, List.of(Sessions.SCHEMA, Tasks.SCHEMA));
    return Replies.ok(
        tasks,
        json -> {
          json.writeStartObject();
          writeCounts("sessions", sessionCounts, json);
          writeCounts("tasks", taskCounts, json);
          json.writeObjectFieldStart("performance");
          json.writeNumberField("average_session_time", sessionSeconds(sessions.value()));
          json.writeNumberField("average_task_time", taskSeconds(tasks.value()));
          json.writeNumberField("success_rate", successRate(taskCounts));
          json.writeEndObject();
          json.writeObjectFieldStart("storage");
          json.writeNumberField("database_size_mb", databaseMegabytes(status));
          json.writeNumberField("sessions_table_rows", total(sessionCounts));
          json.writeNumberField("tasks_table_rows", total(taskCounts));
          json.writeEndObject();
          json.writeFieldName("buffer");
          figures.write(json);
          json.writeEndObject();
        });
  }

  private static Aggregation byStatus(CollectionSchema schema, Measure... measures) {
    return new Aggregation(schema, Filter.ALL, List.of("status"), List.of(measures));
  }

  private static Map<String, Long> counts(List<String> statuses, List<Group> groups) {
    Map<String, Long> counts = new LinkedHashMap<>();
    statuses.forEach(status -> counts.put(status, 0L));
    groups.forEach(group -> counts.put((String) group.values().get(0), group.count(0)));
    return counts;
  }

  private static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The total and each status, flat and once more as {@code by_status}. */
  private static void writeCounts(String name, Map<String, Long> counts, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("total", total(counts));
    writeMembers(counts, json);
    json.writeObjectFieldStart("by_status");
    writeMembers(counts, json);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeMembers(Map<String, Long> counts, JsonGenerator json)
      throws IOException {
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
  }

  /** From the creation to the last change of the sessions that are completed. */
  private static double sessionSeconds(List<Group> groups) {
    for (Group group : groups) {
      if ("completed".equals(group.values().get(0)) && group.count(0) > 0) {
        double micros = (Double) group.figures().get(1) - (Double) group.figures().get(2);
        return round(Math.max(0, micros) / MICROS_A_SECOND);
      }
    }
    return 0;
  }

  /** The mean of all durations that are known. */
  private static double taskSeconds(List<Group> groups) {
    double millis = 0;
    long known = 0;
    for (Group group : groups) {
      if (group.figures().get(1) instanceof Double average) {
        millis += average * group.count(2);
        known += group.count(2);
      }
    }
    return known == 0 ? 0 : round(millis / known / MILLIS_A_SECOND);
  }

  /** Completed tasks in percent of those that are completed or failed. */
  private static double successRate(Map<String, Long> tasks) {
    long completed = tasks.getOrDefault("completed", 0L);
    long done = completed + tasks.getOrDefault("failed", 0L);
    return done == 0 ? 0 : Math.round(10_000.0 * completed / done) / 100.0;
  }

  private static double databaseMegabytes(BufferStatus status) {
    long bytes =
        status.backends().stream()
            .filter(BackendStatus::primary)
            .mapToLong(BackendStatus::storedBytes)
            .findFirst()
            .orElse(0);
    return round(Math.max(0, bytes) / BYTES_A_MEGABYTE);
  }

  /** To three decimals. */
  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
