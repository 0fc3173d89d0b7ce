package org.larder.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.spi.Batch;

/**
 * Parts of batches that do not end as they should; each connection leads to a database of its own.
 */
@Timeout(120)
class PartWritersTest {
  private static final UUID JOURNAL = new UUID(5, 6);
  private static final Partition IN_TWO = new Partition(2, 1);
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final CollectionSchema NOTES =
      CollectionSchema.named("notes", 1).key("id", 32).field(Field.int64("n")).build();

  private final AtomicInteger stops = new AtomicInteger();
  private final CountDownLatch stoppedTwice = new CountDownLatch(1);
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final Calls calls = new Calls("test", this::stop);
  private final List<Connection> made = new CopyOnWriteArrayList<>();
  private final List<Connection> ended = new CopyOnWriteArrayList<>();
  private volatile boolean hangs;
  private volatile boolean rollsBack = true;

  private final PartWriters writers =
      new PartWriters(
          "test",
          IN_TWO,
          PlainDialect.make(),
          calls,
          new PartWriters.Source() {
            @Override
            public Connection connect() throws SQLException {
              Connection connection = watched(database());
              made.add(connection);
              return connection;
            }

            @Override
            public void abandon(Connection connection) throws SQLException {
              ended.add(connection);
              connection.close();
            }
          });

  @AfterEach
  void close() throws SQLException {
    writers.close();
    calls.close();
  }

  /** The first stop is in vain. */
  private void stop(Statement statement) {
    assertThat(statement).isNotNull();
    if (stops.incrementAndGet() > 1) {
      stoppedTwice.countDown();
    }
  }

  private static Connection database() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE _position (follower TEXT, lane INT, journal TEXT, epoch INT, sequence INT)");
      statement.execute(
          "INSERT INTO _position VALUES ('f', %d, '%s', 1, 0)"
              .formatted(IN_TWO.rowOf(0, 1), JOURNAL));
    }
    connection.setAutoCommit(false);
    return connection;
  }

  /** The same, which hangs or fails where the test wants it to. */
  private Connection watched(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) -> {
              if (method.getName().equals("setNetworkTimeout")) {
                return null;
              }
              if (method.getName().equals("prepareStatement") && hangs) {
                hanging.countDown();
                assertThat(stoppedTwice.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
              }
              if (method.getName().equals("rollback") && !rollsBack) {
                throw new SQLException("as told");
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private PartWriters.Round begin(Call call) {
    Batch batch = new Batch("f", 0, JOURNAL, 1, 0, 100, List.of(), LIMIT);
    return writers.begin(
        batch, List.of(List.of(), List.of(new BatchWriter.Part(NOTES, List.of()))), call);
  }

  private void assertNoCallIsLeft() throws InterruptedException {
    assertThat(calls.drain(LIMIT, LIMIT)).isTrue();
  }

  @Test
  void connectionThatCannotBeRolledBackIsEndedAtOnce() throws InterruptedException {
    rollsBack = false;
    try (Call call = calls.begin(LIMIT);
        PartWriters.Round round = begin(call)) {
      assertThat(round.await()).isEmpty();
    }
    assertThat(made).hasSize(1);
    assertThat(ended).hasSize(1);
    rollsBack = true;
    try (Call call = calls.begin(LIMIT);
        PartWriters.Round round = begin(call)) {
      assertThat(round.await()).isEmpty();
      round.commit();
    }
    assertThat(made).hasSize(2);
    assertThat(ended).hasSize(1);
    assertNoCallIsLeft();
  }

  @Test
  void roundEndsThoughItsThreadsTakeNoOrdersAnyMore() throws InterruptedException {
    try (Call call = calls.begin(LIMIT);
        PartWriters.Round round = begin(call)) {
      assertThat(round.await()).isEmpty();
      writers.end();
    }
    assertNoCallIsLeft();
  }

  @Test
  void stopIsRepeatedUntilThePartHasEnded() throws InterruptedException {
    hangs = true;
    try (Call call = calls.begin(LIMIT);
        PartWriters.Round round = begin(call)) {
      assertThat(hanging.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      Thread.currentThread().interrupt();
      assertThat(round.await()).isEmpty();
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(stops).hasValueGreaterThan(1);
    assertNoCallIsLeft();
  }
}
