package org.larder.storage.jdbc;

import java.util.ArrayList;
import java.util.List;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.MergeRule;
import org.larder.storage.model.Mutation;

/**
 * Writes upserts for databases that know {@code ON CONFLICT … DO} and numbered parameters, so that
 * a parameter may be used twice. For one statement.
 *
 * <p>What comes out agrees with {@link org.larder.storage.model.Merging}.
 */
public final class ConflictUpsert {
  private final Dialect dialect;
  private final Shape shape;
  private final List<Upsert.Place> places = new ArrayList<>();
  private final List<String> columns = new ArrayList<>();
  private final List<String> values = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();

  private ConflictUpsert(Dialect dialect, Shape shape) {
    this.dialect = dialect;
    this.shape = shape;
  }

  /** The statement for rows of that shape. */
  public static Upsert of(Dialect dialect, Shape shape) {
    return new ConflictUpsert(dialect, shape).build();
  }

  private Upsert build() {
    CollectionSchema table = shape.table();
    boolean merging = shape.kind() == Mutation.Kind.MERGE;
    for (int i = 0; i < table.fields().size(); i++) {
      if (!merging || shape.carries(i) || shape.defaultValue(i) != null) {
        column(i);
      }
    }
    String version = dialect.quote(Tables.VERSION);
    columns.add(version);
    places.add(Upsert.Place.VERSION);
    values.add("?" + places.size());
    changes.add(version + " = excluded." + version);
    return new Upsert(
        "INSERT INTO "
            + dialect.quote(table.name())
            + " ("
            + String.join(", ", columns)
            + ") VALUES ("
            + String.join(", ", values)
            + ") ON CONFLICT ("
            + dialect.quote(table.key().name())
            + ") DO "
            + (shape.kind() == Mutation.Kind.INSERT
                ? "NOTHING"
                : "UPDATE SET " + String.join(", ", changes)),
        places);
  }

  private void column(int ordinal) {
    Field field = shape.table().field(ordinal);
    String column = dialect.quote(field.name());
    boolean merging = shape.kind() == Mutation.Kind.MERGE;
    columns.add(column);
    values.add(place(ordinal, merging ? Upsert.Source.CREATED : Upsert.Source.CARRIED));
    if (ordinal == CollectionSchema.KEY) {
      return;
    }
    if (!merging) {
      changes.add(column + " = excluded." + column);
    } else if (shape.carries(ordinal)) {
      merge(field, column, ordinal);
    }
  }

  private void merge(Field field, String column, int ordinal) {
    String stored = dialect.quote(shape.table().name()) + "." + column;
    String carried = "excluded." + column;
    if (shape.belowDefault() && field.mergeRule() == MergeRule.MAX) {
      // A row that is there may be below the default, so the value itself is what counts.
      carried = place(ordinal, Upsert.Source.CARRIED);
    }
    changes.add(
        column
            + " = "
            + switch (field.mergeRule()) {
              case REPLACE -> carried;
              case KEEP -> "COALESCE(" + stored + ", " + carried + ")";
              case MAX ->
                  "CASE WHEN %s IS NULL OR %s > %s THEN %s ELSE %s END"
                      .formatted(stored, carried, stored, carried, stored);
            });
  }

  private String place(int ordinal, Upsert.Source source) {
    places.add(new Upsert.Place(ordinal, source));
    return dialect.parameter(shape.table().field(ordinal).type(), places.size());
  }
}
