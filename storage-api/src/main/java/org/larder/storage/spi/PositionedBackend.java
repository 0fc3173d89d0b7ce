package org.larder.storage.spi;

import static org.larder.storage.spi.StorageException.Severity.FENCED;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What stores without transactions share: who they are, and how far each follower got. What becomes
 * of the mutations is left to those that extend this; where rows can be put and deleted by key,
 * {@link NonTransactionalBackend} does that as well.
 *
 * <p>Data is written first and the position after it; a crash between the two repeats the batch,
 * which converges. Threads: as {@link StorageBackend} says.
 */
@ConsumerType
public abstract class PositionedBackend implements StorageBackend {
  private static final int FORMAT = 1;
  private static final String STORE_ID = "store_id";

  /**
   * Applies the mutations of a batch, durably. Repeatable, also with other bounds: a batch that was
   * applied and whose position was not kept comes again, alone, in parts, or as part of a longer
   * one.
   */
  protected abstract void apply(Batch batch);

  /** Reads what was kept under a name of letters, digits, {@code _ -}; empty if nothing was. */
  protected abstract Optional<byte[]> readMetadata(String name);

  /** Keeps up to 1 KiB under a name, durably and atomically. */
  protected abstract void writeMetadata(String name, byte[] value);

  /**
   * Keeps a value in place of the one that was read. A store that can compare does so, and throws
   * with {@link StorageException.Severity#RETRY} if there is another by now; else it just writes.
   * The store's identity is kept through this as well, so that of two nodes one claims it.
   *
   * @param read what {@link #readMetadata} gave
   */
  protected void replaceMetadata(String name, Optional<byte[]> read, byte[] value) {
    writeMetadata(name, value);
  }

  private record Known(Optional<byte[]> read, Position position) {}

  @Override
  public StoreState attach(Attachment attachment) {
    UUID storeId = storeId(attachment.expectedStore());
    Known before = known(attachment.follower(), attachment.lane());
    Position known = before.position();
    boolean sameJournal = known != null && known.journal().equals(attachment.journal());
    if (sameJournal && known.epoch() > attachment.epoch()) {
      throw fenced(known);
    }
    if (known == null || sameJournal || attachment.startAt().isPresent()) {
      long sequence = attachment.startAt().orElse(known == null ? 0 : known.sequence());
      known = new Position(attachment.journal(), attachment.epoch(), attachment.lane(), sequence);
      keep(attachment.follower(), before.read(), known);
    }
    return new StoreState(storeId, StoreState.Lifecycle.LIVE, FORMAT, known);
  }

  /** Does nothing: most stores without transactions have no schema either. */
  @Override
  public void ensureCollection(CollectionSchema schema) {}

  @Override
  public WriteResult write(Batch batch) {
    Known before = known(batch.follower(), batch.lane());
    Position position = before.position();
    if (position == null) {
      throw misplaced("has never attached");
    }
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
    apply(batch);
    keep(
        batch.follower(),
        before.read(),
        new Position(batch.journal(), batch.epoch(), batch.lane(), batch.to()));
    return new WriteResult.Committed();
  }

  private void refuseUndeclared(Batch.Changes changes) {
    boolean inserts = descriptor().capabilities().contains(Capability.INSERT_IF_ABSENT);
    if (!inserts && changes.mutations().stream().anyMatch(m -> m.kind() == Mutation.Kind.INSERT)) {
      throw new StorageException(
          HALT, "UNSUPPORTED", descriptor().kind() + " cannot insert if absent");
    }
  }

  /** Returns the position as it is: {@link #writeMetadata} is durable. */
  @Override
  public Position sync(String follower, int lane) {
    Position position = known(follower, lane).position();
    if (position == null) {
      throw misplaced("has never attached");
    }
    return position;
  }

  private UUID storeId(Optional<UUID> expected) {
    Optional<UUID> known = readMetadata(STORE_ID).map(PositionedBackend::uuid);
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
    byte[] made = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    replaceMetadata(STORE_ID, Optional.empty(), made);
    // Where the store cannot compare, another may have made one at the same time.
    return readMetadata(STORE_ID)
        .map(PositionedBackend::uuid)
        .orElseThrow(
            () ->
                new StorageException(RETRY, "STORE_ABSENT", "The store's identity is gone again"));
  }

  private static UUID uuid(byte[] text) {
    return UUID.fromString(new String(text, StandardCharsets.US_ASCII));
  }

  private Known known(String follower, int lane) {
    Optional<byte[]> read = readMetadata(name(follower, lane));
    return new Known(read, read.map(bytes -> position(bytes, lane)).orElse(null));
  }

  private static Position position(byte[] bytes, int lane) {
    String[] parts = new String(bytes, StandardCharsets.US_ASCII).split(" ", -1);
    return new Position(
        UUID.fromString(parts[0]), Long.parseLong(parts[1]), lane, Long.parseLong(parts[2]));
  }

  private void keep(String follower, Optional<byte[]> read, Position position) {
    String text = position.journal() + " " + position.epoch() + " " + position.sequence();
    replaceMetadata(
        name(follower, position.lane()), read, text.getBytes(StandardCharsets.US_ASCII));
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
