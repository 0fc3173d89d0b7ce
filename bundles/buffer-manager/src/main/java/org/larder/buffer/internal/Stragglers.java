package org.larder.buffer.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Threads that were given up in a backend's call, by the backend's name, until they end: what they
 * do then must find nobody in its way. Free for any thread.
 */
final class Stragglers {
  private final Map<String, List<Thread>> threads = new HashMap<>();

  synchronized void add(String backend, Thread thread) {
    threads.computeIfAbsent(backend, any -> new ArrayList<>()).add(thread);
  }

  /** How many threads are still in a call to the backend of that name. */
  synchronized int count(String backend) {
    List<Thread> known = threads.get(backend);
    if (known == null) {
      return 0;
    }
    known.removeIf(thread -> !thread.isAlive());
    if (known.isEmpty()) {
      threads.remove(backend);
    }
    return known.size();
  }
}
