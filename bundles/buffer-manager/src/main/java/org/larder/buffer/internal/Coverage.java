package org.larder.buffer.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What each follower's store has in full, by collection, on disk: a store that joins later has to
 * be filled with what the journal does not keep any more. Free for any thread.
 */
final class Coverage {
  private final Path file;
  private final boolean fresh;
  private boolean older;
  private TreeMap<Place, State> states = new TreeMap<>();

  private Coverage(Path file, boolean fresh) {
    this.file = file;
    this.fresh = fresh;
  }

  /** A collection in a follower's store. */
  record Place(String follower, String collection) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byFollower = follower.compareTo(other.follower);
      return byFollower != 0 ? byFollower : collection.compareTo(other.collection);
    }
  }

  /** How much of a collection a store has. */
  enum Extent {
    /** All, up to the follower's position. */
    FULL,
    /** It is being filled; done up to a key. */
    SEEDING,
    /** It is filled with rows that are ahead of its position: all, once that has caught up. */
    CATCHING_UP,
    /**
     * All that there is to be read, for it was taken as it was when it was the primary; as a mirror
     * it may lack something.
     */
    TAKEN,
    /** The follower was given up. */
    STALE
  }

  /**
   * The state of one.
   *
   * @param afterKey filled up to this key; empty at the beginning
   * @param until the position at which a store that catches up has all
   * @param surplus it may have records that were deleted, as an archive has: until it is filled
   *     anew from the beginning
   * @param range the number of the last range that it was filled with: a store that is not there
   *     has lost some of them; 0 if it was not filled
   */
  record State(Extent extent, String afterKey, long until, boolean surplus, long range) {
    static final State FULL = new State(Extent.FULL, "", 0, false, 0);
    static final State STALE = new State(Extent.STALE, "", 0, false, 0);
    static final State TAKEN = new State(Extent.TAKEN, "", 0, false, 0);
    static final State UNSEEDED = new State(Extent.SEEDING, "", 0, false, 0);

    static State seededTo(String key, long range) {
      return new State(Extent.SEEDING, key, 0, false, range);
    }

    static State fullAt(long position, long range) {
      return new State(Extent.CATCHING_UP, "", position, false, range);
    }

    private State with(boolean more) {
      return new State(extent, afterKey, until, more, range);
    }
  }

  /**
   * Opens a node's, or begins one.
   *
   * @throws IOException if the file cannot be read or is damaged
   */
  static Coverage open(Path file) throws IOException {
    List<byte[]> entries =
        DurableFile.readWhole(
            file,
            "The memory of what each store has",
            "move it away; stores that are there then count as full");
    Coverage coverage = new Coverage(file, entries.isEmpty());
    for (byte[] entry : entries) {
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry))) {
        Place place = new Place(in.readUTF(), in.readUTF());
        Extent extent = Extent.valueOf(in.readUTF());
        String afterKey = in.readUTF();
        long until = in.readLong();
        boolean told = in.available() > 0;
        coverage.older |= !told;
        boolean surplus = told && in.readBoolean();
        long range = in.available() > 0 ? in.readLong() : 0;
        coverage.states.put(place, new State(extent, afterKey, until, surplus, range));
      }
    }
    return coverage;
  }

  /** True if there was no file when it was opened: nothing is known of stores that are there. */
  boolean isFresh() {
    return fresh;
  }

  /** True if a release wrote it that did not note which stores have more than others. */
  boolean isOlder() {
    return older;
  }

  synchronized Optional<State> of(String follower, String collection) {
    return Optional.ofNullable(states.get(new Place(follower, collection)));
  }

  /** True if it is noted of any store what it has of the collection. */
  synchronized boolean isAnywhere(String collection) {
    return states.keySet().stream().anyMatch(place -> place.collection().equals(collection));
  }

  /** True if the store has all of the collection, as far as it has followed. */
  synchronized boolean isFull(String follower, String collection, long reached) {
    State state = states.get(new Place(follower, collection));
    return state != null
        && (state.extent() == Extent.FULL
            || state.extent() == Extent.TAKEN
            || (state.extent() == Extent.CATCHING_UP && reached >= state.until()));
  }

  /** True if nothing of the collection is left to be copied into the store. */
  synchronized boolean isFilled(String follower, String collection) {
    State state = states.get(new Place(follower, collection));
    return state != null && state.extent() != Extent.SEEDING && state.extent() != Extent.STALE;
  }

  /** True if nothing is left to be copied into the store, and it has nothing that was deleted. */
  synchronized boolean isCopied(String follower, String collection) {
    return isFilled(follower, collection) && !hasSurplus(follower, collection);
  }

  /** True if the store was taken as it was by the primary, and may lack something as a mirror. */
  synchronized boolean isTaken(String follower, String collection) {
    State state = states.get(new Place(follower, collection));
    return state != null && state.extent() == Extent.TAKEN;
  }

  /** The collections of a follower in that extent. */
  synchronized List<String> in(Extent extent, String follower) {
    List<String> found = new ArrayList<>();
    states.forEach(
        (place, state) -> {
          if (place.follower().equals(follower) && state.extent() == extent) {
            found.add(place.collection());
          }
        });
    return found;
  }

  /** True if the follower was given up: the journal is not kept for it, so it lacks what comes. */
  boolean isStale(String follower) {
    return !in(Extent.STALE, follower).isEmpty();
  }

  /** True if the store may have records of the collection that were deleted. */
  synchronized boolean hasSurplus(String follower, String collection) {
    State state = states.get(new Place(follower, collection));
    return state != null && state.surplus();
  }

  /** The collections of a follower of which its store may have what was deleted. */
  synchronized List<String> surplus(String follower) {
    List<String> found = new ArrayList<>();
    states.forEach(
        (place, state) -> {
          if (place.follower().equals(follower) && state.surplus()) {
            found.add(place.collection());
          }
        });
    return found;
  }

  /**
   * Notes durably whether a store may have records of collections that were deleted; what it has of
   * them otherwise stays as noted.
   */
  synchronized void noteSurplus(String follower, Set<String> collections, boolean more)
      throws IOException {
    Map<Place, State> news = new TreeMap<>();
    for (String collection : collections) {
      Place place = new Place(follower, collection);
      State state = states.get(place);
      if (state != null && state.surplus() != more) {
        news.put(place, state.with(more));
      }
    }
    if (!news.isEmpty()) {
      note(news, place -> false);
    }
  }

  /** The number of the last range that a follower's store was filled with; 0 if it was not. */
  synchronized long lastRange(String follower) {
    return states.entrySet().stream()
        .filter(entry -> entry.getKey().follower().equals(follower))
        .mapToLong(entry -> entry.getValue().range())
        .max()
        .orElse(0);
  }

  /** Notes durably that it does not matter what a follower's store was filled with. */
  synchronized void forgetRanges(String follower) throws IOException {
    noteWhere(
        (place, state) -> place.follower().equals(follower),
        state -> new State(state.extent(), state.afterKey(), state.until(), state.surplus(), 0));
  }

  /** Notes durably that what a follower's store has of collections does not count any more. */
  synchronized void beginAnew(String follower, Predicate<String> collections) throws IOException {
    noteWhere(
        (place, state) ->
            place.follower().equals(follower)
                && state.extent() != Extent.STALE
                && collections.test(place.collection()),
        state -> State.UNSEEDED.with(state.surplus()));
  }

  /** Notes durably that a primary's store is taken as it is, though it may lack something. */
  synchronized void take(String follower, Predicate<String> collections) throws IOException {
    noteWhere(
        (place, state) ->
            place.follower().equals(follower)
                && isFilled(follower, place.collection())
                && collections.test(place.collection()),
        state -> new State(Extent.TAKEN, "", 0, state.surplus(), state.range()));
  }

  /** Notes durably that what was taken as it was does not count in those that are mirrors now. */
  synchronized void fillTaken(Predicate<Place> mirrors) throws IOException {
    noteWhere(
        (place, state) -> state.extent() == Extent.TAKEN && mirrors.test(place),
        state -> State.UNSEEDED.with(state.surplus()));
  }

  private void noteWhere(BiPredicate<Place, State> chosen, UnaryOperator<State> change)
      throws IOException {
    Map<Place, State> news = new TreeMap<>();
    states.forEach(
        (place, state) -> {
          if (chosen.test(place, state)) {
            news.put(place, change.apply(state));
          }
        });
    if (!news.isEmpty()) {
      note(news, place -> false);
    }
  }

  /**
   * Notes durably how far one has been filled.
   *
   * @return false if it is not being filled any more, as when it was given up meanwhile; nothing
   *     has changed then
   */
  synchronized boolean advance(String follower, String collection, State state) throws IOException {
    Place place = new Place(follower, collection);
    State before = states.get(place);
    if (before == null || before.extent() != Extent.SEEDING) {
      return false;
    }
    note(Map.of(place, state.with(before.surplus())), other -> false);
    return true;
  }

  /**
   * Notes several durably, at once.
   *
   * @param gone those that are to be forgotten
   */
  synchronized void note(Map<Place, State> news, Predicate<Place> gone) throws IOException {
    TreeMap<Place, State> changed = new TreeMap<>(states);
    changed.keySet().removeIf(gone);
    changed.putAll(news);
    if (changed.equals(states) && !fresh) {
      return;
    }
    List<byte[]> entries = new ArrayList<>();
    for (Map.Entry<Place, State> entry : changed.entrySet()) {
      entries.add(encode(entry.getKey(), entry.getValue()));
    }
    DurableFile.replace(file, entries);
    states = changed;
  }

  private static byte[] encode(Place place, State state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(place.follower());
    out.writeUTF(place.collection());
    out.writeUTF(state.extent().name());
    out.writeUTF(state.afterKey());
    out.writeLong(state.until());
    out.writeBoolean(state.surplus());
    out.writeLong(state.range());
    return bytes.toByteArray();
  }
}
