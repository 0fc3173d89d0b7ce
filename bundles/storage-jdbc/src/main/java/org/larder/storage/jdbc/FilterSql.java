package org.larder.storage.jdbc;

import java.util.List;
import java.util.Optional;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.query.Filter;

/**
 * Filters as conditions of SQL. A filter has two truth values and SQL three: unknown counts as
 * false at the end, in {@code AND} and in {@code OR}, and a negation says {@code IS NOT TRUE}. For
 * one statement.
 */
final class FilterSql {
  private final Dialect dialect;
  private final CollectionSchema schema;
  private final SqlText sql;
  private final Comparisons comparisons;

  FilterSql(Dialect dialect, CollectionSchema schema, SqlText sql) {
    this.dialect = dialect;
    this.schema = schema;
    this.sql = sql;
    comparisons = new Comparisons(dialect, schema, sql);
  }

  void add(Filter filter) {
    if (filter instanceof Filter.And and) {
      join(and.terms(), " AND ", "1 = 1");
    } else if (filter instanceof Filter.Or or) {
      join(or.terms(), " OR ", "1 = 0");
    } else if (filter instanceof Filter.Not not) {
      sql.add("(");
      add(not.term());
      sql.add(") IS NOT TRUE");
    } else if (filter instanceof Filter.IsNull isNull) {
      sql.add(dialect.quote(schema.field(isNull.field()).name()) + " IS NULL");
    } else if (filter instanceof Filter.In in) {
      in(in);
    } else {
      comparisons.add((Filter.Comparison) filter);
    }
  }

  private void join(List<Filter> terms, String between, String none) {
    if (terms.isEmpty()) {
      sql.add(none);
    } else if (terms.size() == 1) {
      add(terms.get(0));
    } else {
      // By halves: a database bounds how deep a condition is nested, and a chain nests deepest.
      int half = terms.size() / 2;
      sql.add("(");
      join(terms.subList(0, half), between, none);
      sql.add(")").add(between).add("(");
      join(terms.subList(half, terms.size()), between, none);
      sql.add(")");
    }
  }

  private void in(Filter.In in) {
    Field field = schema.field(in.field());
    List<Object> stored =
        in.operands().stream()
            .map(operand -> Comparisons.equal(field, operand))
            .flatMap(Optional::stream)
            .toList();
    if (stored.isEmpty()) {
      sql.add("1 = 0");
      return;
    }
    sql.add(dialect.quote(field.name()) + " IN (");
    for (int i = 0; i < stored.size(); i++) {
      sql.add(i == 0 ? "" : ", ").value(stored.get(i));
    }
    sql.add(")");
  }
}
