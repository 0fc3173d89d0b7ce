package org.larder.storage.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Group;

/**
 * The statement that answers an aggregation, and its groups. Sums and means of integers, decimals
 * and instants are exact, as those of the evaluator are; those of doubles are the database's. For
 * one aggregation.
 */
final class GroupSql {
  private final Dialect dialect;
  private final Aggregation aggregation;
  private final CollectionSchema schema;
  private final boolean wide;

  /**
   * Prepares an aggregation.
   *
   * @param wide whether sums of integers may leave 64 bits
   */
  GroupSql(Dialect dialect, Aggregation aggregation, boolean wide) {
    this.dialect = dialect;
    this.aggregation = aggregation;
    this.wide = wide;
    schema = aggregation.schema();
  }

  SqlText select() {
    String groups =
        aggregation.groupBy().stream().map(dialect::quote).collect(Collectors.joining(", "));
    List<String> columns = new ArrayList<>();
    if (!groups.isEmpty()) {
      columns.add(groups);
    }
    aggregation.measures().forEach(measure -> columns(measure, columns));
    SqlText sql =
        new SqlText()
            .add("SELECT ")
            .add(String.join(", ", columns))
            .add(" FROM ")
            .add(dialect.quote(schema.name()));
    if (!(aggregation.filter() instanceof Filter.And and && and.terms().isEmpty())) {
      new FilterSql(dialect, schema, sql.add(" WHERE ")).add(aggregation.filter());
    }
    return groups.isEmpty() ? sql : sql.add(" GROUP BY " + groups + " ORDER BY " + groups);
  }

  private void columns(Aggregation.Measure measure, List<String> columns) {
    if (measure.field() == null) {
      columns.add("COUNT(*)");
      return;
    }
    String column = dialect.quote(measure.field());
    switch (measure.function()) {
      case COUNT -> columns.add("COUNT(" + column + ")");
      case MIN -> columns.add("MIN(" + column + ")");
      case MAX -> columns.add("MAX(" + column + ")");
      case SUM, AVG -> {
        columns.add("COUNT(" + column + ")");
        if (isWide(schema.field(measure.field()))) {
          columns.addAll(List.of(dialect.wideSum(column)));
        } else {
          columns.add("SUM(" + column + ")");
        }
      }
    }
  }

  /** Microseconds since 1970 soon leave 64 bits when added up. */
  private boolean isWide(Field field) {
    return field.type() != FieldType.FLOAT64 && (wide || field.type() == FieldType.INSTANT);
  }

  Group read(ResultSet result) throws SQLException {
    int column = 1;
    List<Object> values = new ArrayList<>();
    for (String field : aggregation.groupBy()) {
      values.add(RowReader.value(schema.field(field), result, column++));
    }
    List<Object> figures = new ArrayList<>();
    for (Aggregation.Measure measure : aggregation.measures()) {
      if (measure.function() == Aggregation.Function.COUNT) {
        figures.add(result.getLong(column++));
        continue;
      }
      Field field = schema.field(measure.field());
      switch (measure.function()) {
        case MIN, MAX -> figures.add(RowReader.value(field, result, column++));
        default -> {
          figures.add(sum(measure.function(), field, result, column));
          column += isWide(field) ? 3 : 2;
        }
      }
    }
    return new Group(values, figures);
  }

  private Object sum(Aggregation.Function function, Field field, ResultSet result, int column)
      throws SQLException {
    long count = result.getLong(column);
    if (count == 0) {
      return null;
    }
    boolean mean = function == Aggregation.Function.AVG;
    if (field.type() == FieldType.FLOAT64) {
      double sum = result.getDouble(column + 1);
      return mean ? sum / count : sum;
    }
    BigInteger sum = BigInteger.valueOf(result.getLong(column + 1));
    if (isWide(field)) {
      sum = sum.shiftLeft(32).add(BigInteger.valueOf(result.getLong(column + 2)));
    }
    BigDecimal exact = new BigDecimal(sum, field.type() == FieldType.DECIMAL ? field.size() : 0);
    if (mean) {
      return exact.doubleValue() / count;
    }
    return field.type() == FieldType.DECIMAL ? (Object) exact : (Object) exact.longValueExact();
  }
}
