package org.larder.storage.mysql.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.larder.storage.spi.StorageException;

/**
 * Proves that another connection leads to the very server that one leads to, whatever names,
 * proxies and replicas lie between: a lock of a new name is seen there and nowhere else. The server
 * gives it back when the connection ends, so the proof is not outlived by what it speaks of. Free
 * for any thread.
 *
 * @param lock the name
 * @param holder the server's number of the connection that has it
 */
record SameServer(String lock, long holder) {
  /** Galera and its kin: no lock of one server is another's. */
  private static final int NOT_SUPPORTED = 1235;

  private static final int UNKNOWN = 1105;

  /**
   * Takes the lock.
   *
   * @throws StorageException HALT if the server allows none
   */
  static SameServer as(Connection connection) throws SQLException {
    String lock = "larder-" + UUID.randomUUID();
    try (PreparedStatement take =
        connection.prepareStatement("SELECT GET_LOCK(?, 0), CONNECTION_ID()")) {
      take.setString(1, lock);
      try (ResultSet taken = take.executeQuery()) {
        taken.next();
        if (taken.getInt(1) != 1) {
          throw refused("it gave no lock of a new name", null);
        }
        return new SameServer(lock, taken.getLong(2));
      }
    } catch (SQLException e) {
      if (e.getErrorCode() == NOT_SUPPORTED || e.getErrorCode() == UNKNOWN) {
        throw refused(e.getMessage(), e);
      }
      throw e;
    }
  }

  private static StorageException refused(String why, SQLException cause) {
    return new StorageException(
        HALT,
        MysqlErrors.MISCONFIGURED,
        "The server cannot prove that several connections lead to it (GET_LOCK): %s. Set write_connections = 1"
            .formatted(why),
        cause);
  }

  /** Whether a connection sees the lock, and that the same connection still has it. */
  boolean isSeenBy(Connection other) throws SQLException {
    try (PreparedStatement look = other.prepareStatement("SELECT IS_USED_LOCK(?)")) {
      look.setString(1, lock);
      try (ResultSet found = look.executeQuery()) {
        return found.next() && found.getLong(1) == holder && !found.wasNull();
      }
    }
  }
}
