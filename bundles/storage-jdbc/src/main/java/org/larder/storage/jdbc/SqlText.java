package org.larder.storage.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A statement being written, with the values of its plain parameters; for one thread. */
final class SqlText {
  private final StringBuilder text = new StringBuilder();
  private final List<Object> values = new ArrayList<>();

  SqlText add(String part) {
    text.append(part);
    return this;
  }

  /** Adds a place for a value as the database has it. */
  SqlText value(Object stored) {
    text.append('?');
    values.add(stored);
    return this;
  }

  /** Adds a condition made by a {@link Dialect} with one place, and the value for it. */
  SqlText condition(String part, Object stored) {
    text.append(part);
    values.add(stored);
    return this;
  }

  PreparedStatement prepare(Connection connection) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(text.toString());
    for (int i = 0; i < values.size(); i++) {
      Parameters.bind(statement, i + 1, values.get(i));
    }
    return statement;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
