package org.larder.storage.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Batch;

/**
 * Writes the mutations of batches, those of one {@link Shape} through one prepared statement, and
 * each group in the order of keys, which is the order of the table's pages. For the one writer:
 * works inside the transaction of its connection, and never ends it.
 */
final class BatchWriter {
  /** Rows between two looks at whether to go on. */
  private static final int STEP_ROWS = 200;

  private final Dialect dialect;
  private final StatementCache<Shape> upserts;
  private final StatementCache<String> deletes;

  BatchWriter(Dialect dialect, Connection connection) {
    this.dialect = dialect;
    upserts = new StatementCache<>(connection);
    deletes = new StatementCache<>(connection);
  }

  void write(CollectionSchema table, Batch.Changes changes, Call call) throws SQLException {
    Map<Shape, List<Mutation>> groups = new LinkedHashMap<>();
    List<Mutation> deleted = new ArrayList<>();
    for (Mutation mutation : changes.mutations()) {
      if (mutation.kind() == Mutation.Kind.DELETE) {
        deleted.add(mutation);
      } else {
        groups.computeIfAbsent(Shape.of(table, mutation), any -> new ArrayList<>()).add(mutation);
      }
    }
    for (Map.Entry<Shape, List<Mutation>> group : groups.entrySet()) {
      upsert(group.getKey(), group.getValue(), call);
    }
    if (!deleted.isEmpty()) {
      delete(table, deleted, call);
    }
  }

  private void upsert(Shape shape, List<Mutation> mutations, Call call) throws SQLException {
    StatementCache.Prepared prepared = upserts.find(shape);
    if (prepared == null) {
      prepared = upserts.add(shape, dialect.upsert(shape));
    }
    PreparedStatement statement = call.run(prepared.statement());
    List<Upsert.Place> places = prepared.upsert().places();
    int pending = 0;
    for (Mutation mutation : mutations) {
      for (int i = 0; i < places.size(); i++) {
        bind(statement, i + 1, shape, places.get(i), mutation.row());
      }
      statement.setLong(places.size() + 1, mutation.sequence());
      pending = submit(statement, pending, call);
    }
    finish(statement, pending, call);
  }

  private void bind(
      PreparedStatement statement, int number, Shape shape, Upsert.Place place, Row row)
      throws SQLException {
    int ordinal = place.ordinal();
    boolean known = ordinal < row.schema().fields().size();
    if (!place.always() && known && row.has(ordinal)) {
      dialect.bind(statement, number, row, ordinal);
    } else if (place.always() || !known || row.isAbsent(ordinal)) {
      Parameters.bind(
          statement,
          number,
          Parameters.stored(shape.table().field(ordinal), shape.defaultValue(ordinal)));
    } else {
      statement.setNull(number, Types.NULL);
    }
  }

  private void delete(CollectionSchema table, List<Mutation> mutations, Call call)
      throws SQLException {
    StatementCache.Prepared prepared = deletes.find(table.name());
    if (prepared == null) {
      String sql =
          "DELETE FROM %s WHERE %s = %s"
              .formatted(
                  dialect.quote(table.name()),
                  dialect.quote(table.key().name()),
                  dialect.parameter(FieldType.STRING, 1));
      prepared = deletes.add(table.name(), new Upsert(sql, List.of()));
    }
    PreparedStatement statement = call.run(prepared.statement());
    int pending = 0;
    for (Mutation mutation : mutations) {
      dialect.bind(statement, 1, mutation.row(), CollectionSchema.KEY);
      pending = submit(statement, pending, call);
    }
    finish(statement, pending, call);
  }

  private static int submit(PreparedStatement statement, int pending, Call call)
      throws SQLException {
    statement.addBatch();
    if (pending + 1 < STEP_ROWS) {
      return pending + 1;
    }
    finish(statement, pending + 1, call);
    return 0;
  }

  private static void finish(PreparedStatement statement, int pending, Call call)
      throws SQLException {
    call.check();
    if (pending > 0) {
      statement.executeBatch();
    }
  }

  void forgetStatements() throws SQLException {
    upserts.clear();
    deletes.clear();
  }
}
