package org.larder.translation.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamReadException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.larder.buffer.Consistency;
import org.larder.buffer.RecordReader;
import org.larder.rest.Json;
import org.larder.rest.Problem;
import org.larder.rest.QueryParameters;
import org.larder.rest.Replies;
import org.larder.storage.model.Row;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Order;
import org.larder.storage.query.Query;

/**
 * Removes sessions that were completed or failed so many days ago, going by their last change, in
 * chunks small enough to let writers in between. For one thread.
 */
final class Cleanup {
  private static final int CHUNK = 100;
  private static final long DAYS_MAX = 36_500;

  private final RecordReader reader;
  private final Removal removal;
  private final long nowMicros;
  private final Options options;

  Cleanup(RecordReader reader, Removal removal, long nowMicros, Options options) {
    this.reader = reader;
    this.removal = removal;
    this.nowMicros = nowMicros;
    this.options = options;
  }

  /** What to remove, and whether only to count it. */
  record Options(long completedDays, long failedDays, boolean dryRun) {

    /** From the query, and from a JSON body, which wins. */
    static Options of(QueryParameters parameters, byte[] body) {
      Options options =
          new Options(
              parameters.integer("completed_days", 90, 0, DAYS_MAX),
              parameters.integer("failed_days", 30, 0, DAYS_MAX),
              parameters.flag("dry_run", false));
      Options merged = body.length == 0 ? options : options.with(body, parameters);
      parameters.check();
      return merged;
    }

    private Options with(byte[] body, QueryParameters parameters) {
      long completed = completedDays;
      long failed = failedDays;
      boolean dry = dryRun;
      try (JsonParser parser = Json.factory().createParser(body)) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw Problem.invalid("The body has to be a JSON object").exception();
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          JsonToken token = parser.nextToken();
          switch (name) {
            case "completed_days" -> completed = days(name, parser, completed, parameters);
            case "failed_days" -> failed = days(name, parser, failed, parameters);
            case "dry_run" -> {
              if (token.isBoolean()) {
                dry = parser.getBooleanValue();
              } else if (token != JsonToken.VALUE_NULL) {
                parameters.invalid(name, "is not true or false");
              }
            }
            default -> {}
          }
          parser.skipChildren();
        }
      } catch (StreamReadException e) {
        throw Problem.of(400, "MALFORMED_JSON", "The body is not well-formed JSON").exception();
      } catch (IOException e) {
        throw Problem.of(400, "MALFORMED_BODY", "The body could not be read").exception();
      }
      return new Options(completed, failed, dry);
    }

    private static long days(
        String name, JsonParser parser, long otherwise, QueryParameters parameters)
        throws IOException {
      if (parser.currentToken() == JsonToken.VALUE_NULL) {
        return otherwise;
      }
      if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
          && parser.getNumberType() == JsonParser.NumberType.INT
          && parser.getIntValue() >= 0
          && parser.getIntValue() <= DAYS_MAX) {
        return parser.getIntValue();
      }
      parameters.invalid(name, "is not a whole number from 0 to " + DAYS_MAX);
      return otherwise;
    }
  }

  Response run() {
    removal.flush();
    Count completed = remove("completed", options.completedDays());
    Count failed = remove("failed", options.failedDays());
    if (!options.dryRun()) {
      removal.show();
    }
    return Replies.ok(
        json -> {
          json.writeStartObject();
          json.writeStringField("status", options.dryRun() ? "dry_run" : "cleaned");
          json.writeNumberField("deleted_sessions", completed.sessions() + failed.sessions());
          json.writeNumberField("deleted_tasks", completed.tasks() + failed.tasks());
          json.writeBooleanField("dry_run", options.dryRun());
          json.writeEndObject();
        });
  }

  private record Count(long sessions, long tasks) {}

  private Count remove(String status, long days) {
    long before = nowMicros - TimeUnit.DAYS.toMicros(days);
    Query query =
        Query.of(Sessions.SCHEMA)
            .withFilter(
                Filter.and(
                    Filter.eq("status", status), Filter.lt("updated_at", Row.instant(before))))
            .withOrder(Order.ascending("created_at"));
    Iterator<Row> sessions = new AllRows(reader, query, Consistency.STORED);
    List<String> chunk = new ArrayList<>(CHUNK);
    long count = 0;
    long tasks = 0;
    while (sessions.hasNext()) {
      chunk.add(sessions.next().key());
      if (chunk.size() == CHUNK || !sessions.hasNext()) {
        tasks += options.dryRun() ? countTasks(chunk) : removeChunk(chunk);
        count += chunk.size();
        chunk.clear();
      }
    }
    return new Count(count, tasks);
  }

  private long countTasks(List<String> ids) {
    Filter theirs = new Filter.In("session_id", List.copyOf(ids));
    return reader
        .aggregate(Aggregation.count(Tasks.SCHEMA, theirs), Consistency.STORED)
        .value()
        .get(0)
        .count(0);
  }

  private long removeChunk(List<String> ids) {
    long tasks = 0;
    for (String id : ids) {
      tasks += removal.tasksOf(id);
    }
    removal.sessions(ids);
    return tasks;
  }
}
