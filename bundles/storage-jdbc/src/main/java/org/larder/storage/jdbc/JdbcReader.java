package org.larder.storage.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.larder.storage.model.Row;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Evaluator;
import org.larder.storage.query.Group;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;

/**
 * The questions to a store. Free for any thread: each call takes a connection of its own from the
 * pool.
 */
public final class JdbcReader {
  private final Dialect dialect;
  private final DataSource pool;
  private final Calls calls;
  private final Duration limit;

  /**
   * Reads through a pool.
   *
   * @param limit how long a statement may take
   */
  public JdbcReader(Dialect dialect, DataSource pool, Calls calls, Duration limit) {
    this.dialect = dialect;
    this.pool = pool;
    this.calls = calls;
    this.limit = limit;
  }

  /** See {@link org.larder.storage.spi.QueryBackend#query}. */
  public Page query(Query query) {
    PageSql sql = new PageSql(dialect, query);
    boolean single = query.after().isEmpty() && !(query.wantsTotal() && query.limit() > 0);
    return read(
        limit,
        (connection, call) ->
            single
                ? page(query, sql, connection, call)
                : inOneSnapshot(connection, () -> page(query, sql, connection, call)));
  }

  /** The total and the stretches of a page have to come from one state of the store. */
  private static Page inOneSnapshot(Connection connection, Answer<Page> answer)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      return answer.get();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private Page page(Query query, PageSql sql, Connection connection, Call call)
      throws SQLException {
    OptionalLong total =
        query.wantsTotal() ? OptionalLong.of(count(sql, connection, call)) : OptionalLong.empty();
    List<Row> rows = new ArrayList<>();
    if (query.limit() > 0) {
      rows = rows(query, sql, connection, call);
    }
    return Evaluator.page(query, rows, total);
  }

  private static long count(PageSql sql, Connection connection, Call call) throws SQLException {
    try (PreparedStatement statement = call.run(sql.count().prepare(connection));
        ResultSet result = statement.executeQuery()) {
      result.next();
      return result.getLong(1);
    }
  }

  private static List<Row> rows(Query query, PageSql sql, Connection connection, Call call)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    RowReader reader = new RowReader(query.schema());
    // One row more than the page needs shows whether there is a next page.
    long wanted = query.limit() + 1L;
    // Behind a place the rows come in stretches, so that the first ones are skipped here.
    long skip = query.after().isPresent() ? query.offset() : 0;
    for (SqlText stretch : sql.stretches(wanted + skip, query.offset())) {
      try (PreparedStatement statement = call.run(stretch.prepare(connection));
          ResultSet result = statement.executeQuery()) {
        while (rows.size() < wanted && result.next()) {
          if (skip > 0) {
            skip--;
          } else {
            rows.add(reader.read(result));
          }
        }
      }
      if (rows.size() == wanted) {
        break;
      }
    }
    return rows;
  }

  /** See {@link org.larder.storage.spi.QueryBackend#aggregate}. */
  public List<Group> aggregate(Aggregation aggregation) {
    return read(
        limit,
        (connection, call) -> {
          try {
            return aggregate(new GroupSql(dialect, aggregation, false), connection, call);
          } catch (SQLException e) {
            if (!dialect.isOverflow(e)) {
              throw e;
            }
            return aggregate(new GroupSql(dialect, aggregation, true), connection, call);
          }
        });
  }

  private static List<Group> aggregate(GroupSql groups, Connection connection, Call call)
      throws SQLException {
    List<Group> answer = new ArrayList<>();
    try (PreparedStatement statement = call.run(groups.select().prepare(connection));
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        answer.add(groups.read(result));
      }
    }
    return answer;
  }

  /** See {@link org.larder.storage.spi.StorageBackend#scan}. */
  public RecordCursor scan(ScanRequest request) {
    return new ChunkedCursor(this, dialect, request);
  }

  /** Some rows of a scan, and whether it goes on behind them. */
  List<Row> chunk(SqlText sql, RowReader reader, int maxBytes) {
    return read(
        limit,
        (connection, call) -> {
          List<Row> rows = new ArrayList<>();
          long bytes = 0;
          try (PreparedStatement statement = call.run(sql.prepare(connection))) {
            dialect.stream(statement);
            try (ResultSet result = statement.executeQuery()) {
              while (bytes < maxBytes && result.next()) {
                Row row = reader.read(result);
                bytes += row.encodedLength();
                rows.add(row);
              }
            }
          }
          return rows;
        });
  }

  /** Asks the store for nothing in particular, to see whether it answers within that time. */
  public void ping(Duration budget) {
    read(
        budget,
        (connection, call) -> {
          SqlText sql = new SqlText().add("SELECT COUNT(*) FROM _position");
          try (PreparedStatement statement = call.run(sql.prepare(connection));
              ResultSet result = statement.executeQuery()) {
            return result.next();
          }
        });
  }

  private interface Question<T> {
    T ask(Connection connection, Call call) throws SQLException;
  }

  private interface Answer<T> {
    T get() throws SQLException;
  }

  private <T> T read(Duration time, Question<T> question) {
    try (Call call = calls.begin(time)) {
      call.check();
      try (Connection connection = pool.getConnection()) {
        try {
          return question.ask(connection, call);
        } finally {
          call.release();
        }
      } catch (SQLException e) {
        throw call.explain(e, dialect);
      }
    }
  }
}
