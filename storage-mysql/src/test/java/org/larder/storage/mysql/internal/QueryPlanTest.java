package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.TASKS;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Keyset;
import org.larder.storage.query.Order;
import org.larder.storage.query.Query;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.WriteResult;

/**
 * Every list of a translation project is one range of an index of the server's choice, and touches
 * no more rows than it shows.
 */
class QueryPlanTest {
  private static final List<String> STATUS = List.of("completed", "failed", "pending");
  private static final int ROWS = 4000;
  private static final int SESSIONS = 8;
  private static final int PAGE = 20;

  /** The row that shows whether there is a next page, and the looks into an index to find one. */
  private static final int BEYOND = 3;

  private static Database database;
  private static MysqlBackend backend;
  private static Connection own;
  private static StatementLog log;

  @BeforeAll
  static void fill() throws SQLException, InvalidRowException {
    database = new Database();
    backend = database.backend();
    backend.attach(
        new Attachment("primary", 0, Host.JOURNAL, 1, Optional.empty(), OptionalLong.empty()));
    backend.ensureCollection(TASKS);
    List<Mutation> mutations = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      mutations.add(new Mutation(Mutation.Kind.PUT, task(i), i));
    }
    Batch batch =
        new Batch(
            "primary",
            0,
            Host.JOURNAL,
            1,
            0,
            ROWS,
            List.of(new Batch.Changes(TASKS, mutations)),
            Duration.ofMinutes(1));
    assertThat(backend.write(batch)).isEqualTo(new WriteResult.Committed());
    database.execute("ANALYZE TABLE " + database.name + ".tasks");
    own = database.connect(database.name);
    log = new StatementLog(own);
  }

  /** Every hundredth task has no time. */
  private static Row task(int i) throws InvalidRowException {
    return Row.of(TASKS)
        .set("task_id", "task-%06d".formatted(i))
        .set("session_id", session(i % SESSIONS))
        .set("status", STATUS.get(i % STATUS.size()))
        .set("row_index", (long) i / SESSIONS)
        .set("duration_ms", i % 1000L)
        .set("created_at", i % 100 == 0 ? null : time(i))
        .build();
  }

  private static String session(int number) {
    return "session-" + number;
  }

  private static Instant time(int i) {
    return Instant.EPOCH.plusSeconds(i);
  }

  @AfterAll
  static void drop() throws SQLException {
    log.close();
    own.close();
    backend.close();
    database.close();
  }

  @Test
  void everyListIsOneRangeOfAnIndexInBothDirections() throws SQLException {
    Filter status = Filter.eq("status", "completed");
    Filter session = Filter.eq("session_id", session(3));
    for (boolean descending : new boolean[] {true, false}) {
      Order created = new Order("created_at", descending);
      assertRanges(Query.of(TASKS).withOrder(created), time(ROWS / 2));
      assertRanges(Query.of(TASKS).withFilter(status).withOrder(created), time(ROWS / 2));
      assertRanges(
          Query.of(TASKS).withFilter(session).withOrder(new Order("row_index", descending)), 250L);
      assertRanges(
          Query.of(TASKS)
              .withFilter(
                  Filter.and(
                      status,
                      Filter.ge("created_at", time(0)),
                      Filter.le("created_at", time(ROWS))))
              .withOrder(created),
          time(ROWS / 2));
    }
  }

  private static void assertRanges(Query query, Object value) throws SQLException {
    Query page = query.withLimit(PAGE);
    assertRange(page);
    assertRange(page.after(new Keyset(Arrays.asList(value), "task-002000")));
    assertRange(page.after(new Keyset(Arrays.asList((Object) null), "task-002000")));
  }

  private static void assertRange(Query query) throws SQLException {
    for (String sql : asked(() -> backend.query(query))) {
      assertThat(plan(sql))
          .as(sql)
          .allSatisfy(step -> assertThat(step).doesNotContain("filesort", "temporary", "type=ALL"));
      assertThat(touched(sql))
          .as("rows touched by %s, planned as %s", sql, plan(sql))
          .isLessThanOrEqualTo(PAGE + BEYOND);
    }
  }

  @Test
  void pagesByKeyAreRangesOfThePrimaryKey() throws SQLException {
    Query query = Query.of(TASKS).withLimit(PAGE);
    assertRange(query);
    assertRange(query.after(new Keyset(List.of(), "task-002000")));
  }

  @Test
  void totalsAndFiguresNeedNoRow() throws SQLException {
    Query byStatus =
        Query.of(TASKS).withFilter(Filter.eq("status", "completed")).withLimit(0).withTotal();
    Aggregation figures =
        new Aggregation(
            TASKS,
            Filter.ALL,
            List.of("status"),
            List.of(Aggregation.Measure.count(), Aggregation.Measure.average("duration_ms")));
    assertCovered(() -> backend.query(byStatus));
    assertCovered(() -> backend.aggregate(figures));
  }

  private static void assertCovered(Runnable question) throws SQLException {
    for (String sql : asked(question)) {
      assertThat(plan(sql))
          .as(sql)
          .singleElement()
          .asString()
          .contains("Using index")
          .doesNotContain("filesort", "temporary");
    }
  }

  /** What the server was asked for an answer. */
  private static List<String> asked(Runnable question) throws SQLException {
    question.run();
    List<String> statements = log.questions("tasks");
    assertThat(statements).isNotEmpty();
    return statements;
  }

  private static List<String> plan(String sql) throws SQLException {
    List<String> steps = new ArrayList<>();
    try (Statement statement = own.createStatement();
        ResultSet result = statement.executeQuery("EXPLAIN " + sql)) {
      while (result.next()) {
        steps.add(
            "type=%s key=%s %s"
                .formatted(
                    result.getString("type"), result.getString("key"), result.getString("Extra")));
      }
    }
    return steps;
  }

  private static long touched(String sql) throws SQLException {
    long touched = 0;
    try (Statement statement = own.createStatement()) {
      statement.execute("FLUSH STATUS");
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          // Only how they are found counts.
        }
      }
      try (ResultSet counts =
          statement.executeQuery("SHOW SESSION STATUS LIKE 'Handler\\_read\\_%'")) {
        while (counts.next()) {
          touched += counts.getLong(2);
        }
      }
    }
    return touched;
  }
}
