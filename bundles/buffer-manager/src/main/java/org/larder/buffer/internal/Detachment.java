package org.larder.buffer.internal;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.larder.buffer.internal.Coverage.Place;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a follower was given up, which holds across restarts. Given up by one thread at a time;
 * asked, and the journal let go of, by any.
 */
final class Detachment {
  private static final Logger LOG = LoggerFactory.getLogger(Detachment.class);

  private final String follower;
  private final Surroundings node;
  private final Predicate<String> led;
  private volatile boolean complete;

  /**
   * As it was noted.
   *
   * @param led says which collections the follower takes
   */
  Detachment(String follower, Surroundings node, Predicate<String> led) {
    this.follower = follower;
    this.node = node;
    this.led = led;
    complete = node.coverage().isStale(follower);
  }

  /** True if the follower was given up and waits for a person. */
  boolean isComplete() {
    return complete;
  }

  /**
   * Gives the follower up. The journal is let go of last: a store that lacks what was trimmed must
   * never be taken for a full one.
   *
   * @throws IOException if that cannot be noted; the follower is not given up then
   */
  void detach() throws IOException {
    Map<Place, Coverage.State> news = new HashMap<>();
    for (String collection : collections()) {
      if (led.test(collection)) {
        news.put(new Place(follower, collection), Coverage.State.STALE);
      }
    }
    node.coverage().note(news, place -> false);
    complete = true;
    letGo();
  }

  /** One that is new is noted before the catalogue has it. */
  private Set<String> collections() {
    Set<String> found = new HashSet<>();
    node.catalogue().newest().forEach(schema -> found.add(schema.name()));
    for (Coverage.Extent extent : Coverage.Extent.values()) {
      found.addAll(node.coverage().in(extent, follower));
    }
    return found;
  }

  /** Keeps the journal for it no more; a call under way may have asked for it once again. */
  void letGo() {
    if (!complete || !node.journal().retained().containsKey(follower)) {
      return;
    }
    try {
      node.journal().release(follower);
    } catch (IOException e) {
      // The journal has let go all the same, and notes it before it deletes anything.
      LOG.error("That the journal is not kept for {} cannot be noted yet", follower, e);
    }
  }
}
