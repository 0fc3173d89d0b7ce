package org.larder.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A statement as a database would get it.
 *
 * @param sql the text
 * @param values what is bound to its places, in their order
 */
record Bound(String sql, List<Object> values) {
  /** Prepares a statement for no database; fails unless each place has one value. */
  static Bound of(SqlText text) {
    Map<Integer, Object> bound = new TreeMap<>();
    PreparedStatement statement =
        fake(
            PreparedStatement.class,
            (method, arguments) -> {
              assertThat(method).startsWith("set");
              Object value = method.equals("setNull") ? "NULL" : arguments[1];
              assertThat(bound.put((Integer) arguments[0], value)).isNull();
              return null;
            });
    String[] prepared = new String[1];
    Connection connection =
        fake(
            Connection.class,
            (method, arguments) -> {
              assertThat(method).isEqualTo("prepareStatement");
              prepared[0] = (String) arguments[0];
              return statement;
            });
    try {
      text.prepare(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    long places = prepared[0].chars().filter(c -> c == '?').count();
    assertThat(bound).as(prepared[0]).hasSize((int) places);
    return new Bound(prepared[0], List.copyOf(bound.values()));
  }

  private interface Answer {
    Object to(String method, Object[] arguments);
  }

  private static <T> T fake(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                answer.to(
                    method.getName(),
                    arguments == null
                        ? new Object[0]
                        : Arrays.copyOf(arguments, arguments.length))));
  }

  /** The part of the text behind the first appearance of another. */
  String behind(String part) {
    assertThat(sql).contains(part);
    return sql.substring(sql.indexOf(part) + part.length());
  }
}
