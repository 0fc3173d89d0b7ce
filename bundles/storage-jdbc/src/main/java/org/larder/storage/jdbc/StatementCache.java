package org.larder.storage.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last prepared statements of one connection; for the thread that has the connection. */
final class StatementCache<K> {
  /** A statement and what is bound to it. */
  record Prepared(PreparedStatement statement, Upsert upsert) {}

  private final Connection connection;
  private final int capacity;
  private final Map<K, Prepared> prepared = new LinkedHashMap<>(16, 0.75f, true);

  StatementCache(Connection connection, int capacity) {
    this.connection = connection;
    this.capacity = capacity;
  }

  Prepared find(K key) {
    return prepared.get(key);
  }

  Prepared add(K key, Upsert upsert) throws SQLException {
    if (prepared.size() >= capacity) {
      K eldest = prepared.keySet().iterator().next();
      prepared.remove(eldest).statement().close();
    }
    Prepared made = new Prepared(connection.prepareStatement(upsert.sql()), upsert);
    prepared.put(key, made);
    return made;
  }

  /** Forgets all: after a failure a driver may have closed any of them. */
  void clear() throws SQLException {
    List<Prepared> all = new ArrayList<>(prepared.values());
    prepared.clear();
    for (Prepared each : all) {
      each.statement().close();
    }
  }
}
