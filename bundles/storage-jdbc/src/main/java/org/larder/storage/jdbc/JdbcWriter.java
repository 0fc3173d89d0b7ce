package org.larder.storage.jdbc;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;

/**
 * The one writer of a store, with a connection of its own. Not for several threads at once: the
 * backend holds a lock around each call.
 *
 * <p>Each method is one transaction, but for a batch that goes through several connections. When
 * one throws, the transaction was rolled back; when even that failed, {@link #isBroken} says so,
 * and the writer is closed and made anew.
 */
public final class JdbcWriter implements AutoCloseable {
  /** Batches that would be divided and are not, after one was in somebody's way. */
  private static final int WHOLE_AFTER_BUSY = 8;

  private final Dialect dialect;
  private final Migrations migrations;
  private final Connection connection;
  private final BatchWriter batches;
  private final Catalog catalog;
  private final Optional<PartWriters> parts;
  private int wholeLeft;
  private boolean broken;

  /**
   * Takes a connection, without auto-commit, and closes it in the end.
   *
   * @throws StorageException HALT if the store is of a later release
   */
  public JdbcWriter(Dialect dialect, Migrations migrations, Connection connection) {
    this(dialect, migrations, connection, Optional.empty());
  }

  /**
   * Takes a connection as the other constructor does, and others that write parts of batches beside
   * it, which stay the caller's.
   */
  public JdbcWriter(
      Dialect dialect, Migrations migrations, Connection connection, Optional<PartWriters> parts) {
    this.parts = parts;
    this.dialect = dialect;
    this.migrations = migrations;
    this.connection = connection;
    batches = new BatchWriter(dialect, connection);
    catalog = new Catalog(dialect);
    transaction(
        null,
        () -> {
          if (migrations.current(connection) > 0) {
            catalog.load(connection);
          }
          return null;
        });
  }

  /** The store's identity; empty if it is new. */
  public Optional<UUID> storeId() {
    return transaction(null, this::findStoreId);
  }

  private Optional<UUID> findStoreId() throws SQLException {
    if (migrations.current(connection) == 0) {
      return Optional.empty();
    }
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT store_id FROM _store")) {
      return found.next() ? Optional.of(UUID.fromString(found.getString(1))) : Optional.empty();
    }
  }

  /** The format of the store, 0 if it is new. */
  public int format() {
    return transaction(null, () -> migrations.current(connection));
  }

  /** What is done before a store that holds something is brought to another format. */
  @FunctionalInterface
  public interface Precaution {
    /** Keeps a copy of the store, which has this format. */
    void before(int format) throws SQLException;
  }

  /** See {@link org.larder.storage.spi.StorageBackend#attach}. */
  public StoreState attach(Attachment attachment, Precaution precaution) {
    checkIdentity(attachment);
    int format = format();
    transaction(
        null,
        () -> {
          if (format > 0 && format < migrations.latest()) {
            precaution.before(format);
          }
          return null;
        });
    transaction(
        null,
        () -> {
          migrate();
          catalog.load(connection);
          return null;
        });
    return transaction(
        null,
        () -> {
          UUID storeId = findStoreId().orElse(null);
          if (storeId == null) {
            storeId = UUID.randomUUID();
            makeStore(storeId);
          }
          Position position = Positions.attach(connection, dialect, partition(), attachment);
          return new StoreState(
              storeId, StoreState.Lifecycle.LIVE, migrations.current(connection), position);
        });
  }

  /** A failure that has nothing to do with the script is told as what it is. */
  private void migrate() throws SQLException {
    try {
      migrations.run(connection);
    } catch (StorageException e) {
      if (e.getCause() instanceof SQLException cause) {
        StorageException meaning = dialect.translate(cause);
        if (!meaning.code().equals("STORE_ERROR")) {
          throw meaning;
        }
      }
      throw e;
    }
  }

  private void checkIdentity(Attachment attachment) {
    Optional<UUID> found = storeId();
    if (attachment.expectedStore().isPresent() && !attachment.expectedStore().equals(found)) {
      throw differentStore(attachment.expectedStore().get(), found);
    }
  }

  /** A failure that tells which store was expected and which was found. */
  public static StorageException differentStore(UUID expected, Optional<UUID> found) {
    return new StorageException(
        HALT,
        "DIFFERENT_STORE",
        "Expected the store %s but found %s. Put the right one back, or adopt this one, or seed it"
            .formatted(expected, found.map(UUID::toString).orElse("a new one")));
  }

  private void makeStore(UUID storeId) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO _store (store_id, lifecycle) VALUES (?, ?)")) {
      insert.setString(1, storeId.toString());
      insert.setString(2, "live");
      insert.executeUpdate();
    }
  }

  /** See {@link org.larder.storage.spi.StorageBackend#ensureCollection}. */
  public void ensureCollection(CollectionSchema schema, Call call) {
    transaction(
        call,
        () -> {
          catalog.ensure(connection, schema);
          return null;
        });
  }

  /** See {@link org.larder.storage.spi.StorageBackend#write}. */
  public WriteResult write(Batch batch, Call call) {
    boolean large = partition().divides(batch);
    boolean divides = large && wholeLeft == 0;
    if (large && !divides) {
      wholeLeft--;
    }
    try {
      return transaction(call, () -> divides ? writeInParts(batch, call) : writeWhole(batch, call));
    } catch (StorageException e) {
      if (divides && e.severity() == StorageException.Severity.BUSY) {
        // Whether another program or the parts among themselves: one transaction meets less.
        wholeLeft = WHOLE_AFTER_BUSY;
      }
      throw e;
    }
  }

  private Partition partition() {
    return parts.map(PartWriters::partition).orElse(Partition.WHOLE);
  }

  private WriteResult writeWhole(Batch batch, Call call) throws SQLException {
    if (!Positions.advance(connection, batch, partition().rows(batch.lane()))) {
      return explained(batch);
    }
    Optional<WriteResult.Refused> refused = batches.write(whole(batch), call);
    if (refused.isPresent()) {
      takeBack();
      return refused.get();
    }
    return new WriteResult.Committed();
  }

  /**
   * All parts are written before the first is committed, which is done only while the position is
   * still locked; it is committed last.
   */
  private WriteResult writeInParts(Batch batch, Call call) throws SQLException {
    List<List<BatchWriter.Part>> divided = partition().divide(whole(batch));
    List<Integer> idle =
        IntStream.range(1, divided.size())
            .filter(part -> divided.get(part).isEmpty())
            .mapToObj(part -> partition().rowOf(batch.lane(), part))
            .toList();
    if (!Positions.advance(connection, batch, idle)) {
      return explained(batch);
    }
    try (PartWriters.Round round = parts.orElseThrow().begin(batch, divided, call)) {
      Optional<WriteResult.Refused> refused = batches.write(divided.get(0), call);
      if (refused.isEmpty()) {
        refused = round.await();
      }
      if (refused.isPresent()) {
        takeBack();
        return refused.get();
      }
      call.check();
      Positions.requireMoved(connection, batch);
      round.commit();
      return new WriteResult.Committed();
    }
  }

  private WriteResult explained(Batch batch) throws SQLException {
    connection.rollback();
    Positions.explain(connection, partition(), batch);
    return new WriteResult.Committed();
  }

  private List<BatchWriter.Part> whole(Batch batch) {
    return batch.changes().stream()
        .map(each -> new BatchWriter.Part(catalog.require(each.schema()), each.mutations()))
        .toList();
  }

  /**
   * Up to where a follower's store has everything.
   *
   * @throws StorageException HALT if it never attached
   */
  public Position position(String follower, int lane) {
    return transaction(
        null,
        () ->
            Positions.complete(connection, partition(), follower, lane)
                .orElseThrow(() -> Positions.misplaced("has never attached")));
  }

  /** True if the connection is of no use any more. */
  public boolean isBroken() {
    return broken;
  }

  /** Says that the connection is of no use any more, for a failure outside of this writer. */
  public void giveUp() {
    broken = true;
  }

  private interface Work<T> {
    T run() throws SQLException;
  }

  private <T> T transaction(Call call, Work<T> work) {
    boolean done = false;
    try {
      T result = work.run();
      connection.commit();
      done = true;
      return result;
    } catch (SQLException e) {
      undo(e);
      done = true;
      throw call == null ? dialect.translate(e) : call.explain(e, dialect);
    } finally {
      if (!done) {
        undo(null);
      }
    }
  }

  /**
   * Ends a transaction that failed; where even that fails, the connection is of no use any more.
   */
  private void undo(SQLException reason) {
    try {
      takeBack();
    } catch (SQLException e) {
      broken = true;
      if (reason != null && reason != e) {
        reason.addSuppressed(e);
      }
    }
  }

  /** Rolls back, and reads anew what may have been undone. */
  private void takeBack() throws SQLException {
    batches.forgetStatements();
    connection.rollback();
    if (migrations.current(connection) > 0) {
      catalog.load(connection);
    }
    // Looking began a transaction, which would hold on to what it saw.
    connection.rollback();
  }

  @Override
  public void close() throws SQLException {
    try {
      batches.forgetStatements();
    } finally {
      connection.close();
    }
  }
}
