package org.larder.storage.query;

import java.util.NoSuchElementException;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;

/** Checks questions against a schema before a backend sees them. */
public final class Queries {
  private Queries() {}

  /**
   * Checks that a query names fields that exist, in ways that their types allow.
   *
   * @throws IllegalArgumentException says what does not fit
   * @throws NoSuchElementException if a field does not exist
   */
  public static void check(Query query) {
    check(query.schema(), query.filter());
    for (Order step : query.order()) {
      requireOrdered(query.schema().field(step.field()));
    }
    query
        .after()
        .ifPresent(
            place -> {
              for (int i = 0; i < query.order().size(); i++) {
                Object value = place.values().get(i);
                if (value != null) {
                  requireOperand(query.schema().field(query.order().get(i).field()), value);
                }
              }
            });
  }

  /**
   * Checks that an aggregation names fields that exist, in ways that their types allow.
   *
   * @throws IllegalArgumentException says what does not fit
   * @throws NoSuchElementException if a field does not exist
   */
  public static void check(Aggregation aggregation) {
    CollectionSchema schema = aggregation.schema();
    check(schema, aggregation.filter());
    aggregation.groupBy().forEach(field -> requireOrdered(schema.field(field)));
    for (Aggregation.Measure measure : aggregation.measures()) {
      if (measure.field() == null) {
        continue;
      }
      Field field = schema.field(measure.field());
      boolean fits =
          switch (measure.function()) {
            case COUNT -> true;
            case MIN, MAX -> field.type().isOrdered();
            case SUM -> isNumber(field.type());
            case AVG -> isNumber(field.type()) || field.type() == FieldType.INSTANT;
          };
      if (!fits) {
        throw new IllegalArgumentException(measure.function() + " does not fit " + field);
      }
    }
  }

  private static boolean isNumber(FieldType type) {
    return type == FieldType.INT64 || type == FieldType.FLOAT64 || type == FieldType.DECIMAL;
  }

  private static void check(CollectionSchema schema, Filter filter) {
    if (filter instanceof Filter.And and) {
      and.terms().forEach(term -> check(schema, term));
    } else if (filter instanceof Filter.Or or) {
      or.terms().forEach(term -> check(schema, term));
    } else if (filter instanceof Filter.Not not) {
      check(schema, not.term());
    } else if (filter instanceof Filter.IsNull isNull) {
      schema.field(isNull.field());
    } else if (filter instanceof Filter.In in) {
      in.operands().forEach(operand -> requireOperand(schema.field(in.field()), operand));
    } else if (filter instanceof Filter.Comparison comparison) {
      Field field = schema.field(comparison.field());
      requireOperand(field, comparison.operand());
      boolean textual =
          comparison.operator() == Filter.Operator.PREFIX
              || comparison.operator() == Filter.Operator.CONTAINS;
      if (textual && field.type().javaType() != String.class) {
        throw new IllegalArgumentException(comparison.operator() + " does not fit " + field);
      }
      if (!textual) {
        requireOrdered(field);
      }
    }
  }

  private static void requireOrdered(Field field) {
    if (!field.type().isOrdered()) {
      throw new IllegalArgumentException(field + " has no order");
    }
  }

  private static void requireOperand(Field field, Object operand) {
    if (!field.type().javaType().isInstance(operand)) {
      throw new IllegalArgumentException(
          field + " does not compare with a " + operand.getClass().getSimpleName());
    }
    if (operand instanceof Double real && real.isNaN()) {
      throw new IllegalArgumentException(field + " does not compare with what is not a number");
    }
    if (operand instanceof String text && hasUnpairedSurrogate(text)) {
      throw new IllegalArgumentException(field + " does not compare with an unpaired surrogate");
    }
  }

  private static boolean hasUnpairedSurrogate(String text) {
    return text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
