package org.larder.storage.jdbc;

import java.util.List;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Query;

/** The statements behind questions, for tests that look at their plans. */
public final class Statements {
  private Statements() {}

  /** Those that fetch a page. */
  public static List<String> of(Dialect dialect, Query query) {
    return new PageSql(dialect, query).stretches(21, 0).stream().map(SqlText::toString).toList();
  }

  /** The one that counts. */
  public static String countOf(Dialect dialect, Query query) {
    return new PageSql(dialect, query).count().toString();
  }

  /** The one that groups. */
  public static String of(Dialect dialect, Aggregation aggregation) {
    return new GroupSql(dialect, aggregation, false).select().toString();
  }
}
