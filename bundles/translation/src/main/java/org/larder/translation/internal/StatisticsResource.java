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
import java.util.Optional;
import org.larder.buffer.Answer;
import org.larder.buffer.BackendStatus;
import org.larder.buffer.BufferControl;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.Consistency;
import org.larder.buffer.FollowerStatus;
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
  private static final long NOWHERE = -1;

  private final RecordReader reader;
  private final BufferControl buffer;
  private volatile Figures counted;

  StatisticsResource(RecordReader reader, BufferControl buffer) {
    this.reader = reader;
    this.buffer = buffer;
  }

  @GET
  public Response statistics(@Context UriInfo uri) {
    QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
    Consistency consistency = parameters.consistency();
    parameters.check();
    BufferStatus status = buffer.status();
    Figures figures = figures(status, consistency);
    Map<String, Long> sessionCounts = counts(Sessions.STATUSES, figures.sessions());
    Map<String, Long> taskCounts = counts(Tasks.STATUSES, figures.tasks().value());
    BufferFigures waiting = BufferFigures.of(status, List.of(Sessions.SCHEMA, Tasks.SCHEMA));
    return Replies.ok(
        figures.tasks(),
        json -> {
          json.writeStartObject();
          writeCounts("sessions", sessionCounts, json);
          writeCounts("tasks", taskCounts, json);
          json.writeObjectFieldStart("performance");
          json.writeNumberField("average_session_time", sessionSeconds(figures.sessions()));
          json.writeNumberField("average_task_time", taskSeconds(figures.tasks().value()));
          json.writeNumberField("success_rate", successRate(taskCounts));
          json.writeEndObject();
          json.writeObjectFieldStart("storage");
          json.writeNumberField("database_size_mb", databaseMegabytes(status));
          json.writeNumberField("sessions_table_rows", total(sessionCounts));
          json.writeNumberField("tasks_table_rows", total(taskCounts));
          json.writeEndObject();
          json.writeFieldName("buffer");
          waiting.write(json);
          json.writeEndObject();
        });
  }

  /** What was counted when the primary's follower was at a position. */
  private record Figures(
      String backend, long position, List<Group> sessions, Answer<List<Group>> tasks) {

    boolean isAt(FollowerStatus follower) {
      return position != NOWHERE
          && position == follower.position()
          && backend.equals(follower.backend())
          && follower.state() == FollowerStatus.State.FOLLOWING;
    }
  }

  /**
   * Counts, unless nothing has reached the backend since it was counted last: then the figures are
   * still those.
   */
  private Figures figures(BufferStatus status, Consistency consistency) {
    Optional<FollowerStatus> before = primary(status);
    Figures known = counted;
    if (consistency == Consistency.STORED
        && known != null
        && before.filter(follower -> known.isAt(follower)).isPresent()) {
      return known;
    }
    List<Group> sessions =
        reader
            .aggregate(
                byStatus(
                    Sessions.SCHEMA,
                    Measure.count(),
                    Measure.average("updated_at"),
                    Measure.average("created_at")),
                consistency)
            .value();
    Answer<List<Group>> tasks =
        reader.aggregate(
            byStatus(Tasks.SCHEMA, Measure.count(), Measure.average("duration_ms")), consistency);
    Figures fresh =
        before
            .map(f -> new Figures(f.backend(), f.position(), sessions, tasks))
            .orElseGet(() -> new Figures("", NOWHERE, sessions, tasks));
    if (primary(buffer.status()).filter(fresh::isAt).isPresent()) {
      counted = fresh;
    }
    return fresh;
  }

  private static Optional<FollowerStatus> primary(BufferStatus status) {
    return status.backends().stream()
        .filter(BackendStatus::primary)
        .findFirst()
        .flatMap(
            backend ->
                status.followers().stream()
                    .filter(follower -> follower.backend().equals(backend.name()))
                    .findFirst());
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

  /** The mean duration of the completed tasks that tell theirs. */
  private static double taskSeconds(List<Group> groups) {
    for (Group group : groups) {
      if ("completed".equals(group.values().get(0))
          && group.figures().get(1) instanceof Double millis) {
        return round(millis / MILLIS_A_SECOND);
      }
    }
    return 0;
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
