package org.larder.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.StorageException;

/** Parts of batches that are late, or whose writer was given up. */
class PositionsTest {
  private static final UUID JOURNAL = new UUID(5, 6);
  private static final Partition IN_THREE = new Partition(3, 1);

  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE _position (follower TEXT, lane INT, journal TEXT, epoch INT, sequence INT,"
              + " PRIMARY KEY (follower, lane))");
    }
    connection.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private Position attach(Partition partition, long epoch, OptionalLong startAt)
      throws SQLException {
    Position noted =
        Positions.attach(
            connection,
            PlainDialect.make(),
            partition,
            new Attachment("f", 0, JOURNAL, epoch, Optional.empty(), startAt));
    connection.commit();
    return noted;
  }

  private static Batch batch(long epoch, long from, long to) {
    return new Batch("f", 0, JOURNAL, epoch, from, to, List.of(), Duration.ofSeconds(1));
  }

  private boolean advancePart(Batch batch) throws SQLException {
    return Positions.advancePart(connection, batch, IN_THREE.rowOf(0, 1));
  }

  private void refuses(Batch batch) {
    StorageException failure =
        catchThrowableOfType(StorageException.class, () -> advancePart(batch));
    assertThat(failure).isNotNull();
    assertThat(failure.severity()).isEqualTo(StorageException.Severity.BUSY);
  }

  @Test
  void partThatIsInIsNotWrittenAgain() throws SQLException {
    attach(IN_THREE, 1, OptionalLong.empty());
    assertThat(advancePart(batch(1, 0, 100))).isTrue();
    assertThat(advancePart(batch(1, 0, 100))).isFalse();
    assertThat(advancePart(batch(1, 0, 40))).as("cut otherwise").isFalse();
    assertThat(advancePart(batch(1, 40, 160))).isTrue();
  }

  @Test
  void lateCommitOfAnInstanceThatWasGivenUpIsNotWrittenOverWhatFollowed() throws SQLException {
    attach(IN_THREE, 1, OptionalLong.empty());
    Batch late = batch(1, 0, 100);
    assertThat(advancePart(batch(1, 0, 150))).isTrue();
    assertThat(advancePart(late)).isFalse();
  }

  @Test
  void batchInOneTransactionMovesThePartsAlong() throws SQLException {
    attach(IN_THREE, 1, OptionalLong.empty());
    assertThat(Positions.advance(connection, batch(1, 0, 150), IN_THREE.rows(0))).isTrue();
    assertThat(advancePart(batch(1, 0, 100))).isFalse();
    assertThat(advancePart(batch(1, 150, 160))).isTrue();
  }

  @Test
  void higherEpochFencesTheParts() throws SQLException {
    attach(IN_THREE, 1, OptionalLong.empty());
    attach(IN_THREE, 2, OptionalLong.empty());
    refuses(batch(1, 0, 100));
    assertThat(advancePart(batch(2, 0, 100))).isTrue();
  }

  @Test
  void anotherWayToDivideFencesTheParts() throws SQLException {
    for (Partition other : List.of(Partition.WHOLE, new Partition(4, 1))) {
      attach(IN_THREE, 1, OptionalLong.empty());
      attach(other, 1, OptionalLong.empty());
      refuses(batch(1, 0, 100));
      assertThat(Positions.advance(connection, batch(1, 0, 100), IN_THREE.rows(0))).isFalse();
      connection.rollback();
    }
  }

  @Test
  void positionSetBackTakesThePartsBack() throws SQLException {
    attach(IN_THREE, 1, OptionalLong.empty());
    assertThat(advancePart(batch(1, 0, 100))).isTrue();
    attach(IN_THREE, 1, OptionalLong.of(20));
    refuses(batch(1, 60, 100));
    assertThat(advancePart(batch(1, 20, 100))).isTrue();
  }

  /** As on a server that has the position and has lost what it was moved for. */
  private void loseFirstPart(long sequence) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int rows =
          statement.executeUpdate(
              "UPDATE _position SET sequence = %d WHERE lane = %d"
                  .formatted(sequence, IN_THREE.rowOf(0, 1)));
      assertThat(rows).isOne();
    }
    connection.commit();
  }

  private void forgetAll() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM _position");
    }
  }

  private void moveTo(long sequence) throws SQLException {
    attach(IN_THREE, 1, OptionalLong.empty());
    assertThat(Positions.advance(connection, batch(1, 0, sequence), IN_THREE.rows(0))).isTrue();
    connection.commit();
  }

  @Test
  void partThatIsBehindThePositionTakesItBack() throws SQLException {
    for (Partition now : List.of(IN_THREE, new Partition(2, 1), Partition.WHOLE)) {
      for (long epoch = 1; epoch <= 2; epoch++) {
        forgetAll();
        moveTo(100);
        loseFirstPart(40);
        assertThat(Positions.complete(connection, IN_THREE, "f", 0).orElseThrow().sequence())
            .isEqualTo(40);
        assertThat(attach(now, epoch, OptionalLong.empty()).sequence()).isEqualTo(40);
        assertThat(attach(now, epoch, OptionalLong.empty()).sequence()).as("again").isEqualTo(40);
        assertThat(Positions.advance(connection, batch(epoch, 40, 100), now.rows(0))).isTrue();
      }
    }
  }

  @Test
  void positionThatIsSetOverrulesAPartThatIsBehind() throws SQLException {
    moveTo(100);
    loseFirstPart(40);
    assertThat(attach(IN_THREE, 1, OptionalLong.of(70)).sequence()).isEqualTo(70);
    assertThat(advancePart(batch(1, 70, 100))).isTrue();
  }

  @Test
  void noBatchHidesThatAPartIsBehind() throws SQLException {
    moveTo(100);
    loseFirstPart(40);
    refuses(batch(1, 100, 150));
    assertThat(Positions.advance(connection, batch(1, 100, 150), IN_THREE.rows(0))).isFalse();
    connection.rollback();
    StorageException failure =
        catchThrowableOfType(
            StorageException.class,
            () -> Positions.explain(connection, IN_THREE, batch(1, 100, 150)));
    assertThat(failure.severity()).isEqualTo(StorageException.Severity.BUSY);
  }

  /** A build that knows of no parts has followed under an epoch of its own, and left them. */
  @Test
  void partsThatNobodyMovedAlongCountForNothing() throws SQLException {
    moveTo(100);
    try (Statement statement = connection.createStatement()) {
      statement.execute("UPDATE _position SET sequence = 300, epoch = 2 WHERE lane = 0");
    }
    assertThat(attach(IN_THREE, 3, OptionalLong.empty()).sequence()).isEqualTo(300);
  }

  @Test
  void positionThatHasNotMovedIsNoticed() throws SQLException {
    moveTo(100);
    assertThat(Positions.advance(connection, batch(1, 100, 150), List.of())).isTrue();
    Positions.requireMoved(connection, batch(1, 100, 150));
    connection.rollback();
    StorageException failure =
        catchThrowableOfType(
            StorageException.class, () -> Positions.requireMoved(connection, batch(1, 100, 150)));
    assertThat(failure.severity()).isEqualTo(StorageException.Severity.BUSY);
  }
}
