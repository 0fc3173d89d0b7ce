package org.larder.storage.spi;

import static org.larder.storage.spi.StorageException.Severity.FENCED;
import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The base for stores without transactions. It leaves four things to write: put and delete a batch
 * of rows, scan, keep a few bytes of metadata, probe.
 *
 * <p>Data is written first and the position after it; a crash between the two repeats the batch,
 * which converges. Threads: as {@link StorageBackend} says.
 */
@ConsumerType
public abstract class NonTransactionalBackend implements StorageBackend {
  private static final int FORMAT = 1;
  private static final String STORE_ID = "store_id";

  /**
   * Stores complete rows with their versions, each in place of any row of its key. Repeatable.
   *
   * @param rows sorted by key, keys distinct
   */
  protected abstract void put(CollectionSchema schema, List<Row> rows);

  /** Removes the rows with these keys, as far as there are any. Repeatable. */
  protected abstract void delete(CollectionSchema schema, List<String> keys);

  /** Reads what was kept under a name of letters, digits, {@code _ -}; empty if nothing was. */
  protected abstract Optional<byte[]> readMetadata(String name);

  /** Keeps up to 1 KiB under a name, durably and atomically. */
  protected abstract void writeMetadata(String name, byte[] value);

  @Override
  public StoreState attach(Attachment attachment) {
    UUID storeId = storeId(attachment.expectedStore());
    Position known = position(attachment.follower(), attachment.lane()).orElse(null);
    boolean sameJournal = known != null && known.journal().equals(attachment.journal());
    if (sameJournal && known.epoch() > attachment.epoch()) {
      throw fenced(known);
    }
    if (known == null || sameJournal || attachment.startAt().isPresent()) {
      long sequence = attachment.startAt().orElse(known == null ? 0 : known.sequence());
      known = new Position(attachment.journal(), attachment.epoch(), attachment.lane(), sequence);
      keep(attachment.follower(), known);
    }
    return new StoreState(storeId, StoreState.Lifecycle.LIVE, FORMAT, known);
  }

  /** Does nothing: most stores without transactions have no schema either. */
  @Override
  public void ensureCollection(CollectionSchema schema) {}

  @Override
  public WriteResult write(Batch batch) {
    Position position =
        position(batch.follower(), batch.lane()).orElseThrow(() -> misplaced("has never attached"));
    boolean sameJournal = position.journal().equals(batch.journal());
    if (sameJournal && position.epoch() > batch.epoch()) {
      throw fenced(position);
    }
    if (sameJournal && position.epoch() == batch.epoch() && position.sequence() >= batch.to()) {
      return new WriteResult.Committed();
    }
    if (!sameJournal || position.epoch() != batch.epoch() || position.sequence() != batch.from()) {
      throw misplaced("stands at " + position + ", not at " + batch.from());
    }
    batch.changes().forEach(this::refuseUndeclared);
    batch.changes().forEach(this::apply);
    keep(batch.follower(), new Position(batch.journal(), batch.epoch(), batch.lane(), batch.to()));
    return new WriteResult.Committed();
  }

  private void refuseUndeclared(Batch.Changes changes) {
    boolean inserts = descriptor().capabilities().contains(Capability.INSERT_IF_ABSENT);
    if (!inserts && changes.mutations().stream().anyMatch(m -> m.kind() == Mutation.Kind.INSERT)) {
      throw new StorageException(
          HALT, "UNSUPPORTED", descriptor().kind() + " cannot insert if absent");
    }
  }

  private void apply(Batch.Changes changes) {
    List<String> wanted = new ArrayList<>();
    for (Mutation mutation : changes.mutations()) {
      if (mutation.kind() == Mutation.Kind.MERGE || mutation.kind() == Mutation.Kind.INSERT) {
        wanted.add(mutation.key());
      }
    }
    Map<String, Row> stored = read(changes.schema(), wanted);
    List<Row> rows = new ArrayList<>();
    List<String> deleted = new ArrayList<>();
    for (Mutation mutation : changes.mutations()) {
      Row before = stored.get(mutation.key());
      Row after = Merging.apply(before, mutation).orElse(null);
      boolean lostInsert = mutation.kind() == Mutation.Kind.INSERT && before != null;
      if (after == null) {
        deleted.add(mutation.key());
      } else if (!lostInsert) {
        rows.add(after.under(changes.schema()).withVersion(mutation.sequence()));
      }
    }
    if (!rows.isEmpty()) {
      put(changes.schema(), rows);
    }
    if (!deleted.isEmpty()) {
      delete(changes.schema(), deleted);
    }
  }

  private Map<String, Row> read(CollectionSchema schema, List<String> keys) {
    Map<String, Row> rows = new HashMap<>();
    if (!keys.isEmpty()) {
      try (RecordCursor cursor = scan(ScanRequest.of(schema, keys))) {
        for (Row row = cursor.next(); row != null; row = cursor.next()) {
          rows.put(row.key(), row);
        }
      }
    }
    return rows;
  }

  /** Returns the position as it is: {@link #writeMetadata} is durable. */
  @Override
  public Position sync(String follower, int lane) {
    return position(follower, lane).orElseThrow(() -> misplaced("has never attached"));
  }

  private UUID storeId(Optional<UUID> expected) {
    Optional<UUID> known =
        readMetadata(STORE_ID)
            .map(bytes -> UUID.fromString(new String(bytes, StandardCharsets.US_ASCII)));
    if (expected.isPresent() && !expected.equals(known)) {
      throw new StorageException(
          HALT,
          "DIFFERENT_STORE",
          "Expected the store "
              + expected.get()
              + " but found "
              + known.map(UUID::toString).orElse("a new one"));
    }
    if (known.isPresent()) {
      return known.get();
    }
    UUID made = UUID.randomUUID();
    writeMetadata(STORE_ID, made.toString().getBytes(StandardCharsets.US_ASCII));
    return made;
  }

  private Optional<Position> position(String follower, int lane) {
    return readMetadata(name(follower, lane))
        .map(
            bytes -> {
              String[] parts = new String(bytes, StandardCharsets.US_ASCII).split(" ", -1);
              return new Position(
                  UUID.fromString(parts[0]),
                  Long.parseLong(parts[1]),
                  lane,
                  Long.parseLong(parts[2]));
            });
  }

  private void keep(String follower, Position position) {
    String text = position.journal() + " " + position.epoch() + " " + position.sequence();
    writeMetadata(name(follower, position.lane()), text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String name(String follower, int lane) {
    return "position-" + follower + "-" + lane;
  }

  private static StorageException fenced(Position position) {
    return new StorageException(
        FENCED, "FENCED", "A writer of epoch " + position.epoch() + " has taken over");
  }

  private static StorageException misplaced(String what) {
    return new StorageException(HALT, "POSITION_MISMATCH", "The follower " + what);
  }
}
