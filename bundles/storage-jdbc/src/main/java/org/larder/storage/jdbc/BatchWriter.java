package org.larder.storage.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.spi.WriteResult;

/**
 * Writes the mutations of batches, those of one {@link Shape} through one prepared statement, and
 * each group as it is ordered: by keys, which is the order of the table's pages. For one thread:
 * works inside the transaction of its connection, and never ends it.
 */
final class BatchWriter {
  /** Bytes of rows between two looks at whether to go on. */
  private static final int STEP_BYTES = 4 << 20;

  /**
   * Bytes of rows in a block: even where each is escaped, a block is shorter than the largest item.
   * Defaults of the schema come to them; where those are long a block may be refused, and is
   * halved.
   */
  private static final int BLOCK_BYTES = 512 << 10;

  private static final int STATEMENTS = 64;

  /** A block's statement keeps what was bound to it last. */
  private static final int BLOCKS = 4;

  private final Dialect dialect;
  private final StatementCache<Shape> upserts;
  private final StatementCache<Shape> blocks;
  private final StatementCache<String> deletes;

  BatchWriter(Dialect dialect, Connection connection) {
    this.dialect = dialect;
    upserts = new StatementCache<>(connection, STATEMENTS);
    blocks = new StatementCache<>(connection, BLOCKS);
    deletes = new StatementCache<>(connection, STATEMENTS);
  }

  /**
   * What is to be written.
   *
   * @param table the collection as the store knows it
   * @param mutations in the order in which they are written, which need not be that of their keys
   */
  record Part(CollectionSchema table, List<Mutation> mutations) {}

  /** Writes all of it, or says what the database refuses, and then it is to be rolled back. */
  Optional<WriteResult.Refused> write(List<Part> parts, Call call) throws SQLException {
    for (Part part : parts) {
      try {
        write(part.table(), part.mutations(), call);
      } catch (SQLException e) {
        if (!dialect.refuses(e)) {
          throw e;
        }
        return Optional.of(
            new WriteResult.Refused(
                part.table().name(), WriteResult.Refused.UNKNOWN_INDEX, "REFUSED", e.getMessage()));
      }
    }
    return Optional.empty();
  }

  private void write(CollectionSchema table, List<Mutation> mutations, Call call)
      throws SQLException {
    Map<Shape, List<Mutation>> groups = new LinkedHashMap<>();
    List<Mutation> deleted = new ArrayList<>();
    for (Mutation mutation : mutations) {
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
    StatementCache.Prepared block = mutations.size() < dialect.blockRows() ? null : block(shape);
    int rows = block == null ? mutations.size() : dialect.blockRows();
    for (int from = 0; from < mutations.size(); from += rows) {
      List<Mutation> next = mutations.subList(from, Math.min(mutations.size(), from + rows));
      if (block != null && next.size() == rows && bytes(next) <= BLOCK_BYTES) {
        upsertAtOnce(block, shape, next, call);
      } else {
        upsertEach(shape, next, call);
      }
    }
  }

  /** The statement for many rows of that shape; null if there is none. */
  private StatementCache.Prepared block(Shape shape) throws SQLException {
    StatementCache.Prepared prepared = blocks.find(shape);
    if (prepared != null) {
      return prepared;
    }
    Upsert made = dialect.block(shape).orElse(null);
    return made == null ? null : blocks.add(shape, made);
  }

  private static long bytes(List<Mutation> mutations) {
    long bytes = 0;
    for (Mutation mutation : mutations) {
      bytes += mutation.row().encodedLength();
    }
    return bytes;
  }

  private void upsertAtOnce(
      StatementCache.Prepared block, Shape shape, List<Mutation> mutations, Call call)
      throws SQLException {
    PreparedStatement statement = call.run(block.statement());
    List<Upsert.Place> places = block.upsert().places();
    int number = 0;
    for (Mutation mutation : mutations) {
      for (Upsert.Place place : places) {
        number++;
        bind(statement, number, shape, place, mutation);
      }
    }
    statement.executeUpdate();
  }

  private void upsertEach(Shape shape, List<Mutation> mutations, Call call) throws SQLException {
    StatementCache.Prepared prepared = upserts.find(shape);
    if (prepared == null) {
      prepared = upserts.add(shape, dialect.upsert(shape));
    }
    PreparedStatement statement = call.run(prepared.statement());
    List<Upsert.Place> places = prepared.upsert().places();
    Step step = new Step(statement, call);
    for (Mutation mutation : mutations) {
      for (int i = 0; i < places.size(); i++) {
        bind(statement, i + 1, shape, places.get(i), mutation);
      }
      step.add(mutation.row().encodedLength());
    }
    step.run();
  }

  private void bind(
      PreparedStatement statement, int number, Shape shape, Upsert.Place place, Mutation mutation)
      throws SQLException {
    if (place.source() == Upsert.Source.VERSION) {
      statement.setLong(number, mutation.sequence());
      return;
    }
    Row row = mutation.row();
    int ordinal = place.ordinal();
    boolean silent = ordinal >= row.schema().fields().size() || row.isAbsent(ordinal);
    boolean raised =
        place.source() == Upsert.Source.CREATED
            && shape.belowDefault()
            && !silent
            && Shape.isBelowDefault(row, ordinal);
    if (!silent && !raised && row.has(ordinal)) {
      dialect.bind(statement, number, row, ordinal);
    } else if (silent || raised) {
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
    Step step = new Step(statement, call);
    for (Mutation mutation : mutations) {
      dialect.bind(statement, 1, mutation.row(), CollectionSchema.KEY);
      step.add(mutation.row().encodedLength());
    }
    step.run();
  }

  /** The rows that go to the database at once, between two looks at whether to go on. */
  private final class Step {
    private final PreparedStatement statement;
    private final Call call;
    private int rows;
    private long bytes;

    Step(PreparedStatement statement, Call call) {
      this.statement = statement;
      this.call = call;
    }

    void add(int rowBytes) throws SQLException {
      statement.addBatch();
      rows++;
      bytes += rowBytes;
      if (rows >= dialect.stepRows() || bytes >= STEP_BYTES) {
        run();
      }
    }

    void run() throws SQLException {
      call.check();
      if (rows > 0) {
        statement.executeBatch();
      }
      rows = 0;
      bytes = 0;
    }
  }

  void forgetStatements() throws SQLException {
    upserts.clear();
    blocks.clear();
    deletes.clear();
  }
}
