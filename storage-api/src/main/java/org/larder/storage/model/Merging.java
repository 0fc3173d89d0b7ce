package org.larder.storage.model;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * The one definition of what mutations do to a row; every backend has to agree with it. Stateless
 * and free for any thread.
 */
public final class Merging {
  private Merging() {}

  /**
   * The row stored after a mutation.
   *
   * @param stored the complete row stored before; null if there was none
   * @return the complete row stored after; empty if there is none
   */
  public static Optional<Row> apply(Row stored, Mutation mutation) {
    return switch (mutation.kind()) {
      case PUT -> Optional.of(complete(mutation.row()));
      case INSERT -> Optional.of(stored == null ? complete(mutation.row()) : stored);
      case DELETE -> Optional.empty();
      case MERGE ->
          Optional.of(stored == null ? create(mutation.row()) : merge(stored, mutation.row()));
    };
  }

  /**
   * One mutation with the effect of two on the same key, one after the other.
   *
   * @param first not an insert, whose effect hangs on what is stored
   * @param second not an insert
   * @throws IllegalArgumentException if one is an insert
   */
  public static Mutation fold(Mutation first, Mutation second) {
    if (first.kind() == Mutation.Kind.INSERT || second.kind() == Mutation.Kind.INSERT) {
      throw new IllegalArgumentException("An insert does not fold");
    }
    if (second.kind() != Mutation.Kind.MERGE) {
      return second;
    }
    long sequence = second.sequence();
    return switch (first.kind()) {
      case DELETE -> new Mutation(Mutation.Kind.PUT, create(second.row()), sequence);
      case PUT ->
          new Mutation(Mutation.Kind.PUT, merge(complete(first.row()), second.row()), sequence);
      default -> new Mutation(Mutation.Kind.MERGE, merge(first.row(), second.row()), sequence);
    };
  }

  /** The row with its absent fields filled in: the default, or null. */
  public static Row complete(Row row) {
    RowBuilder builder = new RowBuilder(row.schema());
    for (int i = 0; i < row.schema().fields().size(); i++) {
      if (row.isAbsent(i)) {
        setDefault(builder, i);
      } else {
        builder.copy(i, row);
      }
    }
    return builder.build();
  }

  /** A new row out of a merge: as {@link #complete}, and never below the default of a maximum. */
  public static Row create(Row row) {
    CollectionSchema schema = row.schema();
    RowBuilder builder = new RowBuilder(schema);
    for (int i = 0; i < schema.fields().size(); i++) {
      if (row.isAbsent(i) || (isMaximum(schema, i) && belowDefault(row, i))) {
        setDefault(builder, i);
      } else {
        builder.copy(i, row);
      }
    }
    return builder.build();
  }

  /** The stored row changed by the fields carried; a field absent in both stays absent. */
  public static Row merge(Row stored, Row carried) {
    CollectionSchema schema =
        stored.schema().version() >= carried.schema().version()
            ? stored.schema()
            : carried.schema();
    RowBuilder builder = new RowBuilder(schema);
    for (int i = 0; i < schema.fields().size(); i++) {
      builder.copy(i, wins(schema.field(i), i, stored, carried) ? carried : stored);
    }
    return builder.build();
  }

  private static boolean wins(Field field, int ordinal, Row stored, Row carried) {
    if (!known(carried, ordinal) || carried.isAbsent(ordinal)) {
      return false;
    }
    if (!known(stored, ordinal) || stored.isAbsent(ordinal)) {
      return true;
    }
    return switch (field.mergeRule()) {
      case REPLACE -> true;
      case KEEP -> !stored.has(ordinal);
      case MAX ->
          carried.has(ordinal)
              && (!stored.has(ordinal)
                  || Values.compare(carried.value(ordinal), stored.value(ordinal)) > 0);
    };
  }

  private static boolean known(Row row, int ordinal) {
    return ordinal < row.schema().fields().size();
  }

  private static boolean isMaximum(CollectionSchema schema, int ordinal) {
    Field field = schema.field(ordinal);
    return field.mergeRule() == MergeRule.MAX && field.defaultValue().isPresent();
  }

  private static boolean belowDefault(Row row, int ordinal) {
    Object least = row.schema().field(ordinal).defaultValue().orElseThrow();
    return !row.has(ordinal) || Values.compare(row.value(ordinal), least) < 0;
  }

  private static void setDefault(RowBuilder builder, int ordinal) {
    Field field = builder.schema().field(ordinal);
    Object value = field.defaultValue().orElse(null);
    try {
      if (value instanceof BigDecimal decimal) {
        builder.setDecimal(ordinal, decimal);
      } else if (value != null) {
        builder.set(ordinal, value);
      } else {
        builder.setAbsentToNull(ordinal);
      }
    } catch (InvalidRowException e) {
      throw new IllegalStateException("The default of " + field + " is not valid", e);
    }
  }
}
