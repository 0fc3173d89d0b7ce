package org.larder.storage.mysql.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.larder.storage.jdbc.Shape;
import org.larder.storage.jdbc.Tables;
import org.larder.storage.jdbc.Upsert;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.MergeRule;
import org.larder.storage.model.Mutation;

/**
 * Writes upserts with {@code ON DUPLICATE KEY UPDATE}. As long as all parameters stand in the list
 * of values the driver makes one statement of many rows; so a parameter stands behind it only where
 * a merge carries less than a default. For one statement.
 *
 * <p>What comes out agrees with {@link org.larder.storage.model.Merging}.
 */
final class DuplicateKeyUpsert {
  private static final String NEW_ROW = "`_new`";

  private final MysqlDialect dialect;
  private final Shape shape;
  private final List<Upsert.Place> inserted = new ArrayList<>();
  private final List<Upsert.Place> compared = new ArrayList<>();
  private final List<String> columns = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();

  private DuplicateKeyUpsert(MysqlDialect dialect, Shape shape) {
    this.dialect = dialect;
    this.shape = shape;
    describe();
  }

  /** The statement for a row of that shape. */
  static Upsert of(MysqlDialect dialect, Shape shape) {
    DuplicateKeyUpsert upsert = new DuplicateKeyUpsert(dialect, shape);
    List<Upsert.Place> places = new ArrayList<>(upsert.inserted);
    places.addAll(upsert.compared);
    return new Upsert(upsert.sql(1), places);
  }

  /** The statement for many rows of that shape, if all their parameters are values. */
  static Optional<Upsert> of(MysqlDialect dialect, Shape shape, int rows) {
    DuplicateKeyUpsert upsert = new DuplicateKeyUpsert(dialect, shape);
    return upsert.compared.isEmpty()
        ? Optional.of(new Upsert(upsert.sql(rows), upsert.inserted))
        : Optional.empty();
  }

  private void describe() {
    CollectionSchema table = shape.table();
    boolean merging = shape.kind() == Mutation.Kind.MERGE;
    for (int i = 0; i < table.fields().size(); i++) {
      if (!merging || shape.carries(i) || shape.defaultValue(i) != null) {
        column(i, merging);
      }
    }
    changes.add(0, sameKey());
    String version = dialect.quote(Tables.VERSION);
    columns.add(version);
    inserted.add(Upsert.Place.VERSION);
    changes.add(version + " = " + carried(version));
    if (shape.kind() == Mutation.Kind.INSERT) {
      changes.clear();
      changes.add(sameKey());
    }
  }

  private String sql(int rows) {
    String values = "(" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
    return "INSERT INTO %s (%s) VALUES %s%s ON DUPLICATE KEY UPDATE %s"
        .formatted(
            dialect.quote(shape.table().name()),
            String.join(", ", columns),
            String.join(", ", Collections.nCopies(rows, values)),
            isMariaDb() ? "" : " AS " + NEW_ROW,
            String.join(", ", changes));
  }

  /**
   * A unique index that somebody added leads to another row as the key does, which would take what
   * is written. No text is a number, and the message that says so quotes it.
   */
  private String sameKey() {
    String key = dialect.quote(shape.table().key().name());
    return "%1$s = CASE WHEN %2$s = %3$s THEN %2$s ELSE CAST(CONCAT('%4$s', %3$s) AS SIGNED) END"
        .formatted(key, stored(key), carried(key), "another row has its place in a unique index: ");
  }

  private void column(int ordinal, boolean merging) {
    Field field = shape.table().field(ordinal);
    String column = dialect.quote(field.name());
    columns.add(column);
    inserted.add(
        new Upsert.Place(ordinal, merging ? Upsert.Source.CREATED : Upsert.Source.CARRIED));
    if (ordinal == CollectionSchema.KEY) {
      return;
    }
    if (!merging) {
      changes.add(column + " = " + carried(column));
    } else if (shape.carries(ordinal)) {
      changes.add(column + " = " + merged(field, column, ordinal));
    }
  }

  private String merged(Field field, String column, int ordinal) {
    String stored = stored(column);
    if (shape.belowDefault() && field.mergeRule() == MergeRule.MAX) {
      // A row that is there may be below the default, so the value itself is what counts.
      compared.add(new Upsert.Place(ordinal, Upsert.Source.CARRIED));
      compared.add(new Upsert.Place(ordinal, Upsert.Source.CARRIED));
      return "CASE WHEN %1$s IS NULL OR ? > %1$s THEN ? ELSE %1$s END".formatted(stored);
    }
    String carried = carried(column);
    return switch (field.mergeRule()) {
      case REPLACE -> carried;
      case KEEP -> "COALESCE(" + stored + ", " + carried + ")";
      case MAX ->
          "CASE WHEN %1$s IS NULL OR %2$s > %1$s THEN %2$s ELSE %1$s END"
              .formatted(stored, carried);
    };
  }

  private String stored(String column) {
    return dialect.quote(shape.table().name()) + "." + column;
  }

  /** The value that the row to be inserted has. */
  private String carried(String column) {
    return isMariaDb() ? "VALUES(" + column + ")" : NEW_ROW + "." + column;
  }

  private boolean isMariaDb() {
    return dialect.kind() == ServerKind.MARIADB;
  }
}
