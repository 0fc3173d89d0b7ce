package org.larder.storage.jdbc;

import static org.larder.storage.spi.StorageException.Severity.FENCED;
import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.StorageException;

/**
 * The followers' positions, which move only by compare-and-set. Works inside the transaction of the
 * connection that it is given, and never ends it.
 */
final class Positions {
  private Positions() {}

  /**
   * Moves a position from the batch's beginning to its end; the first statement of each write.
   *
   * @return false if the position is elsewhere, and then nothing was changed
   */
  static boolean advance(Connection connection, Batch batch) throws SQLException {
    try (PreparedStatement move =
        connection.prepareStatement(
            "UPDATE _position SET sequence = ? WHERE follower = ? AND lane = ?"
                + " AND journal = ? AND epoch = ? AND sequence = ?")) {
      move.setLong(1, batch.to());
      move.setString(2, batch.follower());
      move.setInt(3, batch.lane());
      move.setString(4, batch.journal().toString());
      move.setLong(5, batch.epoch());
      move.setLong(6, batch.from());
      return move.executeUpdate() == 1;
    }
  }

  /**
   * Looks why a position did not move; returns if the batch is in already, else throws what that
   * means to the host.
   */
  static void explain(Connection connection, Batch batch) throws SQLException {
    Position position =
        find(connection, batch.follower(), batch.lane())
            .orElseThrow(() -> misplaced("has never attached"));
    boolean sameJournal = position.journal().equals(batch.journal());
    if (sameJournal && position.epoch() > batch.epoch()) {
      throw fenced(position);
    }
    if (!sameJournal || position.epoch() != batch.epoch() || position.sequence() < batch.to()) {
      throw misplaced(
          "stands at %s, not at %d of journal %s, epoch %d"
              .formatted(position, batch.from(), batch.journal(), batch.epoch()));
    }
  }

  /** Notes a follower, and that no lower epoch may write any more. */
  static Position attach(Connection connection, Dialect dialect, Attachment attachment)
      throws SQLException {
    Position known =
        find(connection, attachment.follower(), attachment.lane(), dialect.forUpdate())
            .orElse(null);
    boolean sameJournal = known != null && known.journal().equals(attachment.journal());
    if (sameJournal && known.epoch() > attachment.epoch()) {
      throw fenced(known);
    }
    if (known != null && !sameJournal && attachment.startAt().isEmpty()) {
      return known;
    }
    long sequence = attachment.startAt().orElse(known == null ? 0 : known.sequence());
    Position noted =
        new Position(attachment.journal(), attachment.epoch(), attachment.lane(), sequence);
    if (!noted.equals(known)) {
      keep(connection, attachment.follower(), noted);
    }
    return noted;
  }

  static Optional<Position> find(Connection connection, String follower, int lane)
      throws SQLException {
    return find(connection, follower, lane, "");
  }

  private static Optional<Position> find(
      Connection connection, String follower, int lane, String suffix) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT journal, epoch, sequence FROM _position WHERE follower = ? AND lane = ?"
                + suffix)) {
      select.setString(1, follower);
      select.setInt(2, lane);
      try (ResultSet found = select.executeQuery()) {
        return found.next()
            ? Optional.of(
                new Position(
                    UUID.fromString(found.getString(1)), found.getLong(2), lane, found.getLong(3)))
            : Optional.empty();
      }
    }
  }

  private static void keep(Connection connection, String follower, Position position)
      throws SQLException {
    try (PreparedStatement delete =
            connection.prepareStatement("DELETE FROM _position WHERE follower = ? AND lane = ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO _position (follower, lane, journal, epoch, sequence)"
                    + " VALUES (?, ?, ?, ?, ?)")) {
      delete.setString(1, follower);
      delete.setInt(2, position.lane());
      delete.executeUpdate();
      insert.setString(1, follower);
      insert.setInt(2, position.lane());
      insert.setString(3, position.journal().toString());
      insert.setLong(4, position.epoch());
      insert.setLong(5, position.sequence());
      insert.executeUpdate();
    }
  }

  static StorageException misplaced(String what) {
    return new StorageException(HALT, "POSITION_MISMATCH", "The follower " + what);
  }

  private static StorageException fenced(Position position) {
    return new StorageException(
        FENCED, "FENCED", "A writer of epoch " + position.epoch() + " has taken over");
  }
}
