package org.larder.storage.jdbc;

import static org.larder.storage.spi.StorageException.Severity.BUSY;
import static org.larder.storage.spi.StorageException.Severity.FENCED;
import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
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
   * @param parts rows of parts that the same transaction writes, and which move along, once the
   *     position is locked
   * @return false if the position is elsewhere, or one of the rows is behind it or gone, and then
   *     the transaction is to be rolled back
   */
  static boolean advance(Connection connection, Batch batch, List<Integer> parts)
      throws SQLException {
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
      return move.executeUpdate() == 1 && (parts.isEmpty() || moveAlong(connection, batch, parts));
    }
  }

  /**
   * A row may have been further: what follows up to there is then applied to its keys once more.
   */
  private static boolean moveAlong(Connection connection, Batch batch, List<Integer> parts)
      throws SQLException {
    try (PreparedStatement move =
        connection.prepareStatement(
            "UPDATE _position SET sequence = ? WHERE follower = ? AND lane IN (?%s)"
                    .formatted(", ?".repeat(parts.size() - 1))
                + " AND journal = ? AND epoch = ? AND sequence >= ?")) {
      int number = 0;
      move.setLong(++number, batch.to());
      move.setString(++number, batch.follower());
      for (int row : parts) {
        move.setInt(++number, row);
      }
      move.setString(++number, batch.journal().toString());
      move.setLong(++number, batch.epoch());
      move.setLong(++number, batch.from());
      return move.executeUpdate() == parts.size();
    }
  }

  /**
   * Asks, in the transaction that moved a position, whether it still has: its connection may have
   * been lost, and with it the lock that keeps others away.
   */
  static void requireMoved(Connection connection, Batch batch) throws SQLException {
    Position found =
        find(connection, batch.follower(), batch.lane()).orElseThrow(Positions::takenOver);
    if (found.sequence() != batch.to()) {
      throw takenOver();
    }
  }

  /**
   * Moves the row of a part to the batch's end; the first statement of what writes the part.
   *
   * @return false if the part is in already
   * @throws StorageException if another writer has taken over; then nothing was changed
   */
  static boolean advancePart(Connection connection, Batch batch, int row) throws SQLException {
    try (PreparedStatement move =
        connection.prepareStatement(
            "UPDATE _position SET sequence = ? WHERE follower = ? AND lane = ?"
                + " AND journal = ? AND epoch = ? AND sequence >= ? AND sequence < ?")) {
      move.setLong(1, batch.to());
      move.setString(2, batch.follower());
      move.setInt(3, row);
      move.setString(4, batch.journal().toString());
      move.setLong(5, batch.epoch());
      move.setLong(6, batch.from());
      move.setLong(7, batch.to());
      if (move.executeUpdate() == 1) {
        return true;
      }
    }
    Position found = find(connection, batch.follower(), row).orElseThrow(Positions::takenOver);
    boolean isOurs = found.journal().equals(batch.journal()) && found.epoch() == batch.epoch();
    if (!isOurs || found.sequence() < batch.to()) {
      throw takenOver();
    }
    return false;
  }

  /**
   * Looks why a position did not move; returns if the batch is in already, else throws what that
   * means to the host.
   *
   * @param partition where it divides, another writer may have put the parts in order for itself
   */
  static void explain(Connection connection, Partition partition, Batch batch) throws SQLException {
    Position position =
        find(connection, batch.follower(), batch.lane())
            .orElseThrow(() -> misplaced("has never attached"));
    boolean sameJournal = position.journal().equals(batch.journal());
    if (sameJournal && position.epoch() > batch.epoch()) {
      throw fenced(position);
    }
    boolean ours = sameJournal && position.epoch() == batch.epoch();
    if (ours && partition.parts() > 1 && position.sequence() == batch.from()) {
      throw takenOver();
    }
    if (!ours || position.sequence() < batch.to()) {
      throw misplaced(
          "stands at %s, not at %d of journal %s, epoch %d"
              .formatted(position, batch.from(), batch.journal(), batch.epoch()));
    }
  }

  /**
   * Notes a follower, and that no lower epoch may write any more. The parts begin at the position:
   * what they may have beyond it comes once more. A part that is behind it has lost what it had:
   * then that part's place is the position.
   */
  static Position attach(
      Connection connection, Dialect dialect, Partition partition, Attachment attachment)
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
    long stands =
        known == null ? 0 : lowest(connection, attachment.follower(), known, dialect.forUpdate());
    long sequence = attachment.startAt().orElse(stands);
    Position noted =
        new Position(attachment.journal(), attachment.epoch(), attachment.lane(), sequence);
    if (!noted.equals(known)) {
      keep(connection, attachment.follower(), noted);
    }
    forgetParts(connection, attachment);
    for (int row : partition.rows(attachment.lane())) {
      insert(connection, attachment.follower(), row, noted);
    }
    return noted;
  }

  /**
   * Up to where nothing is missing: where a follower stands, or its part that is furthest behind.
   */
  static Optional<Position> complete(
      Connection connection, Partition partition, String follower, int lane) throws SQLException {
    Optional<Position> position = find(connection, follower, lane, "");
    if (partition.parts() == 1 || position.isEmpty()) {
      return position;
    }
    Position known = position.get();
    long sequence = lowest(connection, follower, known, "");
    return Optional.of(new Position(known.journal(), known.epoch(), lane, sequence));
  }

  /**
   * The least of a position and its parts, however many these are. Rows of another epoch count for
   * nothing: somebody who knows of no parts has followed since.
   */
  private static long lowest(
      Connection connection, String follower, Position position, String suffix)
      throws SQLException {
    long least = position.sequence();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT sequence FROM _position WHERE follower = ? AND lane BETWEEN ? AND ?"
                + " AND journal = ? AND epoch = ?"
                + suffix)) {
      select.setString(1, follower);
      select.setInt(2, Partition.lastRow(position.lane()));
      select.setInt(3, Partition.firstRow(position.lane()));
      select.setString(4, position.journal().toString());
      select.setLong(5, position.epoch());
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          least = Math.min(least, found.getLong(1));
        }
      }
    }
    return least;
  }

  private static Optional<Position> find(Connection connection, String follower, int lane)
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
        connection.prepareStatement("DELETE FROM _position WHERE follower = ? AND lane = ?")) {
      delete.setString(1, follower);
      delete.setInt(2, position.lane());
      delete.executeUpdate();
    }
    insert(connection, follower, position.lane(), position);
  }

  private static void forgetParts(Connection connection, Attachment attachment)
      throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM _position WHERE follower = ? AND lane BETWEEN ? AND ?")) {
      delete.setString(1, attachment.follower());
      delete.setInt(2, Partition.lastRow(attachment.lane()));
      delete.setInt(3, Partition.firstRow(attachment.lane()));
      delete.executeUpdate();
    }
  }

  private static void insert(Connection connection, String follower, int row, Position position)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO _position (follower, lane, journal, epoch, sequence)"
                + " VALUES (?, ?, ?, ?, ?)")) {
      insert.setString(1, follower);
      insert.setInt(2, row);
      insert.setString(3, position.journal().toString());
      insert.setLong(4, position.epoch());
      insert.setLong(5, position.sequence());
      insert.executeUpdate();
    }
  }

  /** The host attaches after a failure, which puts the parts in order for this writer. */
  private static StorageException takenOver() {
    return new StorageException(
        BUSY,
        "STORE_BUSY",
        "Another instance attached the follower meanwhile, or a part was lost; it is attached again");
  }

  static StorageException misplaced(String what) {
    return new StorageException(HALT, "POSITION_MISMATCH", "The follower " + what);
  }

  private static StorageException fenced(Position position) {
    return new StorageException(
        FENCED, "FENCED", "A writer of epoch " + position.epoch() + " has taken over");
  }
}
