package org.larder.storage.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.TASKS;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.jdbc.Statements;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Keyset;
import org.larder.storage.query.Order;
import org.larder.storage.query.Query;
import org.larder.storage.spi.Attachment;

/** Every list of a translation project is one range of an index, and its figures need no row. */
class QueryPlanTest {
  @TempDir private Path folder;
  private SqliteBackend backend;
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    backend = SqliteBackend.at("main", folder.resolve("larder.db"));
    backend.attach(
        new Attachment("primary", 0, UUID.randomUUID(), 1, Optional.empty(), OptionalLong.empty()));
    backend.ensureCollection(TASKS);
    connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("larder.db"));
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    backend.close();
  }

  private List<String> plan(String sql) throws SQLException {
    List<String> steps = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
      while (result.next()) {
        steps.add(result.getString("detail"));
      }
    }
    return steps;
  }

  private void assertRanges(Query query) throws SQLException {
    for (String sql : Statements.of(new SqliteDialect(), query)) {
      assertThat(plan(sql))
          .as(sql)
          .singleElement()
          .asString()
          .contains("USING INDEX")
          .doesNotContain("TEMP B-TREE");
    }
  }

  @Test
  void everyListIsOneRangeOfAnIndexInBothDirections() throws SQLException {
    Filter status = Filter.eq("status", "completed");
    Filter session = Filter.eq("session_id", "s");
    for (boolean descending : new boolean[] {true, false}) {
      Order created = new Order("created_at", descending);
      assertRangesWithPlaces(Query.of(TASKS).withOrder(created), Instant.EPOCH);
      assertRangesWithPlaces(Query.of(TASKS).withFilter(status).withOrder(created), Instant.EPOCH);
      assertRangesWithPlaces(
          Query.of(TASKS).withFilter(session).withOrder(new Order("row_index", descending)), 5L);
      assertRangesWithPlaces(
          Query.of(TASKS)
              .withFilter(
                  Filter.and(
                      status,
                      Filter.ge("created_at", Instant.EPOCH),
                      Filter.le("created_at", Instant.MAX)))
              .withOrder(created),
          Instant.EPOCH);
    }
  }

  private void assertRangesWithPlaces(Query query, Object value) throws SQLException {
    assertRanges(query);
    assertRanges(query.after(new Keyset(Arrays.asList(value), "k")));
    assertRanges(query.after(new Keyset(Arrays.asList((Object) null), "k")));
  }

  @Test
  void totalsAndFiguresNeedNoRow() throws SQLException {
    Query byStatus = Query.of(TASKS).withFilter(Filter.eq("status", "completed"));
    Aggregation figures =
        new Aggregation(
            TASKS,
            Filter.ALL,
            List.of("status"),
            List.of(Aggregation.Measure.count(), Aggregation.Measure.average("duration_ms")));
    for (String sql :
        List.of(
            Statements.countOf(new SqliteDialect(), byStatus),
            Statements.of(new SqliteDialect(), figures))) {
      assertThat(plan(sql)).singleElement().asString().contains("USING COVERING INDEX");
    }
  }
}
