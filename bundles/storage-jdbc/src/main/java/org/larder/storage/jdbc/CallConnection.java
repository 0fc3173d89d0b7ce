package org.larder.storage.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A connection that calls go through one after the other; whoever ends a call ends the connection.
 * For one thread at a time, but {@link #connection} for any.
 *
 * <p>It is for backends whose {@link Calls.Breaker} ends the connection of the statement that it is
 * given. It makes nothing and closes nothing: the connection is the caller's, also when it is lost.
 */
public final class CallConnection {
  private static final Duration SURELY_ALIVE = Duration.ofSeconds(30);
  private static final Duration NETWORK_SLACK = Duration.ofSeconds(5);
  private static final int ANSWER_SECONDS = 2;

  private final Connection connection;
  private final Statement guard;
  private long usedNanos;

  /**
   * Takes a connection that was made just now.
   *
   * @throws SQLException if it is of no use; it is the caller's to close then as well
   */
  public CallConnection(Connection fresh) throws SQLException {
    connection = fresh;
    guard = fresh.createStatement();
    usedNanos = System.nanoTime();
  }

  /** The connection itself, which may be lost. */
  public Connection connection() {
    return connection;
  }

  /** True if it was closed, or was idle for so long that it was asked and did not answer. */
  public boolean isLost() throws SQLException {
    return connection.isClosed()
        || (System.nanoTime() - usedNanos > SURELY_ALIVE.toNanos()
            && !connection.isValid(ANSWER_SECONDS));
  }

  /**
   * Begins to use it for a call: what the server does not answer within the limit, and a little
   * more, fails, and from now on whoever ends the call ends the connection, in whatever statement
   * it is.
   *
   * @throws org.larder.storage.spi.StorageException RETRY if the call is to end already
   */
  public void begin(Call call, Duration limit) throws SQLException {
    usedNanos = System.nanoTime();
    connection.setNetworkTimeout(
        Runnable::run, Math.toIntExact(limit.plus(NETWORK_SLACK).toMillis()));
    call.run(guard);
  }
}
