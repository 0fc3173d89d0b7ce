package org.larder.storage.mysql.internal;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** The connections that the pool is made of. Free for any thread. */
final class ReaderSource implements DataSource {
  private final Servers servers;
  private final int timeoutSeconds;

  /** Connections that take at most so long. */
  ReaderSource(Servers servers, Duration timeout) {
    this.servers = servers;
    timeoutSeconds = Math.toIntExact(timeout.toSeconds() + 1);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return servers.reader();
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("The account is configured");
  }

  @Override
  public PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException("Logging goes through SLF4J");
  }

  /** Does nothing: the settings say how long a connection may take. */
  @Override
  public void setLoginTimeout(int seconds) {}

  /** How long a pool that is closed waits for those that are being made. */
  @Override
  public int getLoginTimeout() {
    return timeoutSeconds;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("Logging goes through SLF4J");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("Wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
