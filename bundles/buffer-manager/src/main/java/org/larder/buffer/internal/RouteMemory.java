package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What is known of the store that each follower writes to, so that no other is taken for it. On
 * disk: which it is, how far it can be at most as long as nobody has met it, and whether one was
 * taken that has what came by no journal of this node. In memory: how far the follower may have
 * brought it since the node started. Free for any thread.
 */
final class RouteMemory {
  /** Stands behind the name of a follower that took such a store. */
  private static final String FOREIGN = "foreign";

  /** Stands behind the name of a follower that has not met its store, before a sequence. */
  private static final String UNMET = "at-most ";

  private final Path file;
  private Map<String, UUID> stores = new TreeMap<>();
  private Set<String> foreign = new TreeSet<>();
  private Map<String, Long> bounds = new TreeMap<>();
  private final Map<String, Long> reach = new HashMap<>();

  private RouteMemory(Path file) {
    this.file = file;
  }

  /**
   * Reads the memory of a node, or begins one.
   *
   * @throws IOException if the file cannot be read or is damaged
   */
  static RouteMemory open(Path file) throws IOException {
    RouteMemory memory = new RouteMemory(file);
    for (byte[] entry :
        DurableFile.readWhole(
            file,
            "The memory of which store belongs here",
            "move it away; the follower then takes the store that it finds")) {
      String[] parts = new String(entry, StandardCharsets.UTF_8).split(" ", 2);
      if (parts[1].equals(FOREIGN)) {
        memory.foreign.add(parts[0]);
      } else if (parts[1].startsWith(UNMET)) {
        memory.bounds.put(parts[0], Long.parseLong(parts[1].substring(UNMET.length())));
      } else {
        memory.stores.put(parts[0], UUID.fromString(parts[1]));
      }
    }
    return memory;
  }

  /** The store that the follower wrote to last; empty if it never wrote. */
  synchronized Optional<UUID> storeOf(String follower) {
    return Optional.ofNullable(stores.get(follower));
  }

  /**
   * The node starts: no store that was written to before is further than the journal. It stays so
   * for one that nobody meets before the next start, however far the journal is by then.
   *
   * @param followers those that there are now; those that there were are known
   */
  synchronized void boundAll(Collection<String> followers, long journalEnd) throws IOException {
    Map<String, Long> changed = new TreeMap<>(bounds);
    followers.forEach(follower -> changed.putIfAbsent(follower, journalEnd));
    stores.keySet().forEach(follower -> changed.putIfAbsent(follower, journalEnd));
    keep(stores, foreign, changed);
  }

  /** How far the follower's store can be, which it has not met yet; empty if it has. */
  synchronized OptionalLong boundOf(String follower) {
    Long bound = bounds.get(follower);
    return bound == null ? OptionalLong.empty() : OptionalLong.of(bound);
  }

  /** Notes that the follower has met the store that it writes to from now on. */
  synchronized void remember(String follower, UUID store) throws IOException {
    Map<String, UUID> changed = new TreeMap<>(stores);
    changed.put(follower, store);
    Map<String, Long> left = new TreeMap<>(bounds);
    left.remove(follower);
    keep(changed, foreign, left);
  }

  /** Notes that the follower takes a store that has what came by no journal of this node. */
  synchronized void rememberForeign(String follower) throws IOException {
    Set<String> changed = new TreeSet<>(foreign);
    changed.add(follower);
    keep(stores, changed, bounds);
  }

  /** True if some store has, or had, what came by no journal of this node. */
  synchronized boolean hasForeign() {
    return !foreign.isEmpty();
  }

  private void keep(
      Map<String, UUID> nowStores, Set<String> nowForeign, Map<String, Long> nowBounds)
      throws IOException {
    if (nowStores.equals(stores) && nowForeign.equals(foreign) && nowBounds.equals(bounds)) {
      return;
    }
    List<String> lines = new ArrayList<>();
    nowStores.forEach((name, id) -> lines.add(name + " " + id));
    nowForeign.forEach(name -> lines.add(name + " " + FOREIGN));
    nowBounds.forEach((name, sequence) -> lines.add(name + " " + UNMET + sequence));
    DurableFile.replace(
        file, lines.stream().map(line -> line.getBytes(StandardCharsets.UTF_8)).toList());
    stores = nowStores;
    foreign = nowForeign;
    bounds = nowBounds;
  }

  /** The follower is about to bring its store up to that sequence, in vain or not. */
  synchronized void mayReach(String follower, long sequence) {
    reach.merge(follower, sequence, Math::max);
  }

  /** How far the follower may have brought its store since the start; −1 if it never wrote. */
  synchronized long reachOf(String follower) {
    return reach.getOrDefault(follower, -1L);
  }
}
