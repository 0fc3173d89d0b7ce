package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Which store each follower wrote to last, on disk, and whether one was taken that has what came by
 * no journal of this node; and how far it may have written since the node started. Free for any
 * thread.
 */
final class RouteMemory {
  /** Stands behind the name of a follower that took such a store. */
  private static final String FOREIGN = "foreign";

  private final Path file;
  private final Map<String, UUID> stores = new TreeMap<>();
  private final Set<String> foreign = new TreeSet<>();
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

  /** Notes the store that the follower writes to from now on. */
  synchronized void remember(String follower, UUID store) throws IOException {
    if (store.equals(stores.get(follower))) {
      return;
    }
    Map<String, UUID> changed = new TreeMap<>(stores);
    changed.put(follower, store);
    write(changed, foreign);
    stores.put(follower, store);
  }

  /** Notes that the follower takes a store that has what came by no journal of this node. */
  synchronized void rememberForeign(String follower) throws IOException {
    Set<String> changed = new TreeSet<>(foreign);
    if (changed.add(follower)) {
      write(stores, changed);
      foreign.add(follower);
    }
  }

  /** True if some store has, or had, what came by no journal of this node. */
  synchronized boolean hasForeign() {
    return !foreign.isEmpty();
  }

  private void write(Map<String, UUID> known, Set<String> others) throws IOException {
    List<byte[]> entries = new ArrayList<>();
    known.forEach((name, id) -> entries.add((name + " " + id).getBytes(StandardCharsets.UTF_8)));
    others.forEach(name -> entries.add((name + " " + FOREIGN).getBytes(StandardCharsets.UTF_8)));
    DurableFile.replace(file, entries);
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
