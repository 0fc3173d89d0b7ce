package org.larder.buffer.internal.migrate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.larder.buffer.internal.DurableFile;

/** The migrations of a node, on disk before they count. Free for any thread. */
final class Ledger {
  /** So many that ended are kept. */
  private static final int MOST_ENDED = 50;

  private static final String WHAT = "The memory of migrations";
  private static final String CURE =
      "move it away: none goes on then, and the routes stay as they are";

  private final Path file;
  private TreeMap<Long, MigrationRecord> records = new TreeMap<>();

  private Ledger(Path file) {
    this.file = file;
  }

  /**
   * Opens a node's, or begins one.
   *
   * @throws IOException if the file cannot be read or is damaged
   */
  static Ledger open(Path file) throws IOException {
    Ledger ledger = new Ledger(file);
    for (byte[] entry : DurableFile.readWhole(file, WHAT, CURE)) {
      MigrationRecord record = decode(file, entry);
      ledger.records.put(record.id(), record);
    }
    return ledger;
  }

  private static MigrationRecord decode(Path file, byte[] entry) throws IOException {
    try {
      return MigrationRecord.decode(entry);
    } catch (IOException e) {
      throw new IOException(
          WHAT + " cannot be read: " + file + ": " + e.getMessage() + "; " + CURE, e);
    }
  }

  /** All, newest first. */
  synchronized List<MigrationRecord> list() {
    return List.copyOf(records.descendingMap().values());
  }

  synchronized Optional<MigrationRecord> find(long id) {
    return Optional.ofNullable(records.get(id));
  }

  /** Notes a new one, under the next number. */
  synchronized MigrationRecord begin(LongFunction<MigrationRecord> made) throws IOException {
    long id = records.isEmpty() ? 1 : records.lastKey() + 1;
    MigrationRecord record = made.apply(id);
    TreeMap<Long, MigrationRecord> changed = new TreeMap<>(records);
    changed.put(id, record);
    long ended = changed.values().stream().filter(one -> one.phase().isEnd()).count();
    for (MigrationRecord old : records.values()) {
      if (ended > MOST_ENDED && old.phase().isEnd()) {
        changed.remove(old.id());
        ended--;
      }
    }
    keep(changed);
    return record;
  }

  /**
   * Changes one, if it still is as expected.
   *
   * @return as it is now
   */
  synchronized MigrationRecord change(
      long id, Predicate<MigrationRecord> expected, UnaryOperator<MigrationRecord> change)
      throws IOException {
    MigrationRecord record = records.get(id);
    if (!expected.test(record)) {
      return record;
    }
    MigrationRecord next = change.apply(record);
    if (!next.equals(record)) {
      TreeMap<Long, MigrationRecord> changed = new TreeMap<>(records);
      changed.put(id, next);
      keep(changed);
    }
    return next;
  }

  private void keep(SortedMap<Long, MigrationRecord> changed) throws IOException {
    List<byte[]> entries = new ArrayList<>();
    for (MigrationRecord record : changed.values()) {
      entries.add(record.encode());
    }
    DurableFile.replace(file, entries);
    records = new TreeMap<>(changed);
  }
}
