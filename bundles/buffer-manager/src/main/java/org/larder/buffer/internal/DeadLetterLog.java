package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.LetterFilter;
import org.larder.storage.model.Mutation;

/**
 * The mutations that one follower's backend refused, on disk before the position moves past them.
 * Written by the follower's thread and by operators who discard, looked at by any.
 *
 * <p>A letter that was replayed is remembered as long as the journal keeps the place of its replay:
 * an older copy of the store that comes back gets it there once more. One that was discarded is
 * remembered for good, so that it does not come back, nor count as stored.
 */
final class DeadLetterLog implements AutoCloseable {
  /** More keys than this are no accident of a few records. */
  static final int MAX_KEYS = 1_000;

  /** Letters are kept in memory as well: more bytes of living ones are no accident either. */
  static final long MAX_BYTES = 64_000_000;

  private final TreeMap<LetterId, DeadLetter> letters = new TreeMap<>();
  private final Map<String, TreeSet<Long>> sequencesByKey = new HashMap<>();
  private TreeMap<LetterId, Replayed> replayed = new TreeMap<>();
  private TreeSet<LetterId> discarded = new TreeSet<>();
  private final Map<String, Long> discardedSinceOpened = new HashMap<>();
  private LetterFile file;
  private long livingBytes;

  /** What a replay is in the middle of: the backend may have it already. */
  private Set<LetterId> underway = Set.of();

  private DeadLetterLog() {}

  /** A letter that the backend took in the end, and the place of the journal where it did. */
  record Replayed(DeadLetter letter, long at) {}

  /** Opens a follower's log, or begins one, as {@link LetterFile#open} says. */
  static DeadLetterLog open(Path path, String follower, UUID journal, Catalogue catalogue)
      throws IOException {
    DeadLetterLog log = new DeadLetterLog();
    log.file =
        LetterFile.open(
            path, journal, entry -> log.take(LetterCodec.decode(entry, follower, catalogue)));
    return log;
  }

  private void take(LetterCodec.Decoded decoded) throws IOException {
    if (decoded.letter().isPresent()) {
      keep(decoded.letter().get());
    }
    decoded.replayed().ifPresent(done -> replayed.put(LetterId.of(done.letter()), done));
    discarded.addAll(decoded.discarded());
  }

  /** True if an earlier mutation of the same key is here, so that this one has to follow it. */
  synchronized boolean holds(Mutation mutation) {
    if (sequencesByKey.isEmpty()) {
      return false;
    }
    TreeSet<Long> sequences = sequencesByKey.get(LetterId.of(mutation).record());
    return sequences != null && sequences.first() < mutation.sequence();
  }

  /** True if this very mutation is or was here, so that it is not to be delivered at its place. */
  synchronized boolean contains(Mutation mutation) {
    LetterId id = LetterId.of(mutation);
    return letters.containsKey(id)
        || replayed.containsKey(id)
        || discarded.contains(id)
        || discarded.contains(LetterId.before(mutation.sequence()));
  }

  /** True if a mutation of that piece of the journal may be held or contained. */
  synchronized boolean concerns(long from, long to) {
    return !letters.isEmpty()
        || !replayed.subMap(LetterId.before(from), LetterId.before(to)).isEmpty()
        || isDiscarded(from, to);
  }

  private boolean isDiscarded(long from, long to) {
    return !discarded.subSet(LetterId.before(from), LetterId.before(to)).isEmpty();
  }

  /** True if there are too many for it to be single bad records. */
  synchronized boolean isFull() {
    return sequencesByKey.size() >= MAX_KEYS || isLarge();
  }

  /** True if they take too much memory. */
  synchronized boolean isLarge() {
    return livingBytes >= MAX_BYTES;
  }

  /** Writes letters durably; those that are here already are passed over. */
  synchronized void add(List<DeadLetter> fresh) throws IOException {
    List<DeadLetter> added =
        fresh.stream().filter(letter -> !letters.containsKey(LetterId.of(letter))).toList();
    if (!file.isKnown()) {
      // A failure may have left another file, or less of it, than the letters in memory.
      forget(List.of(), replayed, discarded);
    }
    file.append(added);
    for (DeadLetter letter : added) {
      keep(LetterCodec.alone(letter));
    }
  }

  /** Takes back letters that were added for nothing. */
  synchronized void withdraw(List<DeadLetter> added) throws IOException {
    if (!added.isEmpty()) {
      forget(added, replayed, discarded);
    }
  }

  /**
   * The letters that a replay at that place of the journal has to offer, in order. Until {@link
   * #replayEnded} they cannot be discarded.
   */
  synchronized List<DeadLetter> beginReplay(LetterFilter filter, long at) {
    TreeMap<LetterId, DeadLetter> found = new TreeMap<>();
    letters.headMap(LetterId.before(at)).values().stream()
        .filter(filter::matches)
        .forEach(letter -> found.put(LetterId.of(letter), letter));
    replayed.values().stream()
        .filter(done -> done.at() == at)
        .forEach(done -> found.put(LetterId.of(done.letter()), done.letter()));
    underway = Set.copyOf(found.keySet());
    return List.copyOf(found.values());
  }

  /** What was offered may be discarded again, as far as it is still here. */
  synchronized void replayEnded() {
    underway = Set.of();
  }

  /**
   * Forgets replayed letters, once no copy of the store can come back that needs them.
   *
   * @param journalStart the journal begins here: what was replayed before it is in every such copy
   */
  synchronized void forgetReplayedBefore(long journalStart) throws IOException {
    TreeMap<LetterId, Replayed> left = new TreeMap<>(replayed);
    if (left.values().removeIf(one -> one.at() < journalStart)) {
      forget(List.of(), left, discarded);
      replayed = left;
    }
  }

  /**
   * Notes durably what came of a replay.
   *
   * @param done letters that the backend has, durably
   * @param again letters that it refused once more, with the new reason
   */
  synchronized void replayed(List<DeadLetter> done, long at, List<DeadLetter> again)
      throws IOException {
    TreeMap<LetterId, Replayed> all = new TreeMap<>(replayed);
    done.forEach(letter -> all.put(LetterId.of(letter), new Replayed(letter, at)));
    again.forEach(letter -> letters.replace(LetterId.of(letter), LetterCodec.alone(letter)));
    forget(done, all, discarded);
    replayed = all;
  }

  /** Gives up letters for good, but for those of a replay under way; says how many. */
  synchronized int discard(LetterFilter filter) throws IOException {
    filter.requireOneRecord(letters.values());
    List<DeadLetter> chosen =
        letters.values().stream()
            .filter(filter::matches)
            .filter(letter -> !underway.contains(LetterId.of(letter)))
            .toList();
    if (!chosen.isEmpty()) {
      TreeSet<LetterId> all = new TreeSet<>(discarded);
      chosen.forEach(letter -> all.add(LetterId.of(letter)));
      forget(chosen, replayed, all);
      discarded = all;
      for (DeadLetter letter : chosen) {
        discardedSinceOpened.merge(letter.row().schema().name(), 1L, Long::sum);
      }
    }
    return chosen.size();
  }

  /** How many letters of the collection were given up since the log was opened. */
  synchronized long discarded(String collection) {
    return discardedSinceOpened.getOrDefault(collection, 0L);
  }

  /** On the disk first: what is gone from memory alone would come back, out of order. */
  private void forget(
      List<DeadLetter> gone, Map<LetterId, Replayed> nowReplayed, Set<LetterId> nowDiscarded)
      throws IOException {
    TreeMap<LetterId, DeadLetter> left = new TreeMap<>(letters);
    gone.forEach(letter -> left.remove(LetterId.of(letter)));
    List<byte[]> entries = new ArrayList<>();
    for (DeadLetter letter : left.values()) {
      entries.add(LetterCodec.encode(letter));
    }
    for (Replayed done : nowReplayed.values()) {
      entries.add(LetterCodec.encode(done));
    }
    if (!nowDiscarded.isEmpty()) {
      entries.add(LetterCodec.encode(nowDiscarded));
    }
    file.replace(entries);
    letters.clear();
    sequencesByKey.clear();
    livingBytes = 0;
    for (DeadLetter letter : left.values()) {
      keep(letter);
    }
  }

  private void keep(DeadLetter letter) throws IOException {
    letters.put(LetterId.of(letter), letter);
    livingBytes += LetterCodec.encode(letter).length;
    sequencesByKey
        .computeIfAbsent(LetterId.of(letter).record(), any -> new TreeSet<>())
        .add(letter.sequence());
  }

  /** All letters in the order of the journal. */
  synchronized List<DeadLetter> letters() {
    return List.copyOf(letters.values());
  }

  /** The letters of a stretch of the journal. */
  synchronized List<DeadLetter> between(long from, long to) {
    return List.copyOf(letters.subMap(LetterId.before(from), LetterId.before(to)).values());
  }

  /** True if something of that stretch of the journal is not in the backend, and will not be. */
  synchronized boolean lacks(long from, long to) {
    return !between(from, to).isEmpty() || isDiscarded(from, to);
  }

  synchronized int size() {
    return letters.size();
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
