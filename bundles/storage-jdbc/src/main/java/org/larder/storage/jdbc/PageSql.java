package org.larder.storage.jdbc;

import java.util.ArrayList;
import java.util.List;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Keyset;
import org.larder.storage.query.Order;
import org.larder.storage.query.Query;

/**
 * The statements that answer a query. What lies behind a place in an order of several steps is cut
 * into stretches, each of which is one range of an index that has the order's fields: first the
 * rows that equal the place in all steps and differ in the key, then those that equal it in all
 * steps but the last, and so on. One after the other they give the page. For one query.
 */
final class PageSql {
  private final Dialect dialect;
  private final Query query;
  private final CollectionSchema schema;

  PageSql(Dialect dialect, Query query) {
    this.dialect = dialect;
    this.query = query;
    schema = query.schema();
  }

  /** Counts all rows that pass. */
  SqlText count() {
    SqlText sql = new SqlText().add("SELECT COUNT(*) FROM " + dialect.quote(schema.name()));
    where(sql, false);
    return sql;
  }

  /** The statements whose results follow each other in the query's order. */
  List<SqlText> stretches(long limit, long offset) {
    List<SqlText> stretches = new ArrayList<>();
    if (query.after().isEmpty()) {
      SqlText sql = select();
      where(sql, false);
      stretches.add(end(sql, 0, limit, offset));
      return stretches;
    }
    Keyset place = query.after().get();
    int steps = query.order().size();
    SqlText ties = begin(place, steps);
    compare(ties, schema.key(), keyDescends(), place.key());
    stretches.add(end(ties, steps, limit, 0));
    for (int step = steps - 1; step >= 0; step--) {
      behind(place, step, limit, stretches);
    }
    return stretches;
  }

  private void behind(Keyset place, int step, long limit, List<SqlText> stretches) {
    Order order = query.order().get(step);
    Field field = schema.field(order.field());
    Object value = place.values().get(step);
    if (value != null) {
      SqlText sql = begin(place, step);
      compare(sql, field, order.descending(), value);
      stretches.add(end(sql, step, limit, 0));
    }
    // Null comes first when ascending and last when descending.
    if (value == null != order.descending()) {
      String isNull = value == null ? " IS NOT NULL" : " IS NULL";
      SqlText sql = begin(place, step).add(dialect.quote(field.name()) + isNull);
      stretches.add(end(sql, step, limit, 0));
    }
  }

  /** A statement over the rows that pass and equal the place in the first steps. */
  private SqlText begin(Keyset place, int steps) {
    SqlText sql = select();
    where(sql, true);
    for (int i = 0; i < steps; i++) {
      Field field = schema.field(query.order().get(i).field());
      Object value = place.values().get(i);
      Object stored = value == null ? null : Comparisons.equal(field, value).orElse(null);
      if (value != null && stored == null) {
        sql.add("1 = 0 AND ");
      } else {
        sql.condition(dialect.same(dialect.quote(field.name())), stored).add(" AND ");
      }
    }
    return sql;
  }

  private void compare(SqlText sql, Field field, boolean descending, Object value) {
    Filter.Operator operator = descending ? Filter.Operator.LT : Filter.Operator.GT;
    new Comparisons(dialect, schema, sql).add(new Filter.Comparison(field.name(), operator, value));
  }

  private SqlText select() {
    return new SqlText()
        .add("SELECT ")
        .add(FittingIndex.of(query).map(index -> dialect.by(schema, index)).orElse(""))
        .add(RowReader.columns(dialect, schema))
        .add(" FROM ")
        .add(dialect.quote(schema.name()));
  }

  /** Adds the filter, and room for more conditions. */
  private void where(SqlText sql, boolean more) {
    boolean all = query.filter() instanceof Filter.And and && and.terms().isEmpty();
    if (!all || more) {
      sql.add(" WHERE ");
    }
    if (!all) {
      sql.add("(");
      new FilterSql(dialect, schema, sql).add(query.filter());
      sql.add(more ? ") AND " : ")");
    }
  }

  /** Adds order and limit; fields that equal the place need no order. */
  private SqlText end(SqlText sql, int fixedSteps, long limit, long offset) {
    sql.add(" ORDER BY ");
    String key = schema.key().name();
    boolean total = false;
    for (Order order : query.order().subList(fixedSteps, query.order().size())) {
      sql.add(total ? ", " : "").add(dialect.quote(order.field()));
      sql.add(order.descending() ? " DESC" : "");
      total = true;
      if (order.field().equals(key)) {
        return limit(sql, limit, offset);
      }
    }
    sql.add(total ? ", " : "").add(dialect.quote(key)).add(keyDescends() ? " DESC" : "");
    return limit(sql, limit, offset);
  }

  private static SqlText limit(SqlText sql, long limit, long offset) {
    sql.add(" LIMIT ").value(limit);
    if (offset > 0) {
      sql.add(" OFFSET ").value(offset);
    }
    return sql;
  }

  private boolean keyDescends() {
    List<Order> order = query.order();
    return !order.isEmpty() && order.get(order.size() - 1).descending();
  }
}
