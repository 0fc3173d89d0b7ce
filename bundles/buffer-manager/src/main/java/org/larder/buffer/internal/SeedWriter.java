package org.larder.buffer.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.larder.buffer.DeadLetter;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.WriteResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes ranges of rows into a store that is being filled, beside the batches of its follower and
 * under a position of their own. For the follower's thread.
 */
final class SeedWriter {
  /** The name under which a store keeps the position of ranges. */
  static final String NAME = "larder_seeding";

  /** The ranges of one opening of the journal have numbers of their own, more than can be used. */
  private static final int EPOCH_SHIFT = 32;

  private static final Logger LOG = LoggerFactory.getLogger(SeedWriter.class);

  private final String follower;
  private final Surroundings node;
  private final DeadLetterLog deadLetters;
  private long position;

  SeedWriter(String follower, Surroundings node, DeadLetterLog deadLetters) {
    this.follower = follower;
    this.node = node;
    this.deadLetters = deadLetters;
  }

  /** The number of the last range that was written. */
  long position() {
    return position;
  }

  /**
   * The store was met: moves the position, so that a range given up in it comes too late. No number
   * comes twice, even if the store has forgotten the last ones: what a range has to write hangs on
   * what is there already, so that a store which knows batches by their numbers would take a range
   * for another that it replaces.
   */
  void attach(BackendHandle backend, Duration timeout) throws InterruptedException {
    long least =
        Math.max(node.memory().reachOf(numbers()) + 1, node.journal().epoch() << EPOCH_SHIFT);
    Position found = attach(backend, OptionalLong.empty(), timeout);
    boolean fresh = found.journal().equals(node.journal().id()) && found.sequence() >= least;
    position =
        fresh ? found.sequence() : attach(backend, OptionalLong.of(least), timeout).sequence();
    write(backend, List.of(), timeout);
  }

  /** Under what name the node knows how far numbers were given out, whoever fills the store. */
  private String numbers() {
    return NAME + ' ' + follower;
  }

  private Position attach(BackendHandle backend, OptionalLong startAt, Duration timeout)
      throws InterruptedException {
    Attachment attachment =
        new Attachment(
            NAME, 0, node.journal().id(), node.journal().epoch(), Optional.empty(), startAt);
    return backend.call(timeout, store -> store.attach(attachment)).position();
  }

  /**
   * Writes rows, and removes keys. What the backend refuses becomes a dead letter.
   *
   * @param items sorted by key, at most one a key
   * @return the keys of what was refused
   */
  Set<String> write(
      BackendHandle backend, CollectionSchema schema, List<Mutation> items, Duration timeout)
      throws InterruptedException {
    WriteResult result =
        write(
            backend,
            items.isEmpty() ? List.of() : List.of(new Batch.Changes(schema, items)),
            timeout);
    return result instanceof WriteResult.Refused refused
        ? refused(backend, schema, items, refused, timeout)
        : Set.of();
  }

  private WriteResult write(BackendHandle backend, List<Batch.Changes> changes, Duration timeout)
      throws InterruptedException {
    Batch batch =
        new Batch(
            NAME,
            0,
            node.journal().id(),
            node.journal().epoch(),
            position,
            position + 1,
            changes,
            timeout);
    node.memory().mayReach(numbers(), position + 1);
    WriteResult result = backend.call(timeout, store -> store.write(batch));
    if (result instanceof WriteResult.Committed) {
      position++;
    }
    return result;
  }

  private Set<String> refused(
      BackendHandle backend,
      CollectionSchema schema,
      List<Mutation> items,
      WriteResult.Refused refused,
      Duration timeout)
      throws InterruptedException {
    if (items.isEmpty()) {
      throw new StorageException(
          HALT, "REFUSED_NOTHING", "The backend refuses a batch without items: " + refused);
    }
    if (refused.index() < 0 && items.size() > 1) {
      int half = items.size() / 2;
      Set<String> keys = new HashSet<>(write(backend, schema, items.subList(0, half), timeout));
      keys.addAll(write(backend, schema, items.subList(half, items.size()), timeout));
      return keys;
    }
    int index = Math.max(0, Math.min(refused.index(), items.size() - 1));
    bury(items.get(index), refused);
    List<Mutation> others = new ArrayList<>(items);
    others.remove(index);
    Set<String> keys = new HashSet<>(write(backend, schema, others, timeout));
    keys.add(items.get(index).key());
    return keys;
  }

  private void bury(Mutation item, WriteResult.Refused refused) {
    if (deadLetters.isFull()) {
      throw new StorageException(
          HALT,
          "TOO_MANY_REFUSED",
          "The backend refuses too much of what it is filled with; the last: " + refused.reason());
    }
    try {
      deadLetters.add(
          List.of(
              new DeadLetter(
                  follower,
                  item.sequence(),
                  item.kind(),
                  item.row(),
                  refused.code(),
                  refused.reason(),
                  node.clock().instant())));
    } catch (IOException e) {
      LOG.error("What {} refused while it was filled cannot be noted", follower, e);
      throw new StorageException(RETRY, "NODE_DISK_FAILED", OwnFiles.FAILED, e);
    }
  }

  /**
   * Makes durable what was written.
   *
   * @return false if a loss of power may undo some of it all the same
   */
  boolean sync(BackendHandle backend, Duration timeout) throws InterruptedException {
    Position durable = backend.call(timeout, store -> store.sync(NAME, 0));
    return durable.journal().equals(node.journal().id()) && durable.sequence() >= position;
  }
}
