package org.larder.translation.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.larder.buffer.BufferControl;
import org.larder.buffer.BufferException;
import org.larder.buffer.Consistency;
import org.larder.buffer.Durability;
import org.larder.buffer.Intake;
import org.larder.buffer.RecordReader;
import org.larder.buffer.Submission;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Row;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Order;
import org.larder.storage.query.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes sessions with their tasks. Everything that was acknowledged before is in the backend
 * first, so that its keys are found there; the tasks go in chunks and the session last, so that a
 * removal that was cut short can be repeated. What a client writes afterwards is new data. Free for
 * any thread.
 */
final class Removal {
  private static final Logger log = LoggerFactory.getLogger(Removal.class);
  private static final Duration FLUSH_DEADLINE = Duration.ofSeconds(10);

  /** How long a reply waits until reads show the removal; the journal has it in any case. */
  private static final Duration SHOWN_DEADLINE = Duration.ofSeconds(2);

  private final Intake intake;
  private final RecordReader reader;
  private final BufferControl buffer;

  Removal(Intake intake, RecordReader reader, BufferControl buffer) {
    this.intake = intake;
    this.reader = reader;
    this.buffer = buffer;
  }

  /** Brings everything acknowledged so far into the backend. */
  void flush() {
    buffer.flush(FLUSH_DEADLINE);
  }

  /** Waits a little until reads show what was removed. */
  void show() {
    try {
      buffer.flush(SHOWN_DEADLINE);
    } catch (BufferException e) {
      log.info("The removal is in the journal; the backend follows later: {}", e.getMessage());
    }
  }

  /** Removes the tasks of a session; returns how many. */
  long tasksOf(String sessionId) {
    long removed = 0;
    List<String> keys = new ArrayList<>(AllRows.PAGE);
    Iterator<Row> tasks = new AllRows(reader, tasksQuery(sessionId), Consistency.STORED);
    while (tasks.hasNext()) {
      keys.add(tasks.next().key());
      if (keys.size() == AllRows.PAGE || !tasks.hasNext()) {
        delete(Tasks.SCHEMA, keys);
        removed += keys.size();
        keys.clear();
      }
    }
    return removed;
  }

  /** Removes the sessions themselves. */
  void sessions(List<String> ids) {
    delete(Sessions.SCHEMA, ids);
  }

  /** By place and not by page number, so that a removal along the way skips nothing. */
  private static Query tasksQuery(String sessionId) {
    return Query.of(Tasks.SCHEMA)
        .withFilter(Filter.eq("session_id", sessionId))
        .withOrder(Order.ascending("row_index"));
  }

  private void delete(CollectionSchema schema, List<String> keys) {
    try (Submission submission = intake.begin(schema.name(), 64L * keys.size())) {
      for (String key : keys) {
        submission.delete(key);
      }
      submission.commit(Durability.JOURNAL, Duration.ZERO);
    } catch (InvalidRowException e) {
      throw new IllegalStateException("A stored key is no key", e);
    }
  }
}
