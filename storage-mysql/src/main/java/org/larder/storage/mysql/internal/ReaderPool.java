package org.larder.storage.mysql.internal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The readers, of which only those are given out that are connected to the server in use: one that
 * was made while the writer moved would not see what is written now. Free for any thread.
 */
final class ReaderPool extends HikariDataSource {
  private final Servers servers;

  ReaderPool(HikariConfig config, Servers servers) {
    super(config);
    this.servers = servers;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    while (!servers.isInUse(connection)) {
      evictConnection(connection);
      connection = super.getConnection();
    }
    return connection;
  }
}
