package org.larder.buffer.internal;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives mirrors up, and begins them anew when a person asks for it. Without a lock; called under
 * the monitor of {@link Rerouting}.
 */
final class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  private final Surroundings node;
  private final Routing routing;
  private final Followers followers;

  Adoption(Surroundings node, Routing routing) {
    this.node = node;
    this.routing = routing;
    followers = routing.followers();
  }

  /**
   * Gives a mirror up that holds most of the journal, unless it has become a primary meanwhile.
   *
   * @throws IOException if the node's own files fail; the mirror goes on then
   */
  void giveUp(Follower mirror) throws IOException {
    String name = mirror.name();
    if (routing.mayGiveUp(name) && !mirror.isDetached()) {
      mirror.detach();
      LOG.error(
          "Mirror {} holds most of the journal and is given up; fill it anew with: larder:adopt {}",
          name,
          name);
    }
  }

  /**
   * Goes on with a follower's store as it is; fills it anew, if the follower was given up.
   *
   * @throws IOException if the node's own files fail; a follower that was given up still is then
   */
  void adopt(String name) throws IOException {
    Follower former = routing.follower(name);
    if (!former.isDetached()) {
      former.adopt();
      return;
    }
    followers.remove(former);
    Joining joining = new Joining(node, routing);
    try {
      joining.prepareAnew(name);
    } catch (IOException | RuntimeException e) {
      joining.undo(e);
      putBack(former, e);
      throw e;
    }
    closeFiles(former);
    joining.add().forEach(Follower::start);
  }

  /** A follower that was given up stays so; the journal is not kept for it. */
  private void putBack(Follower former, Exception failure) {
    try {
      node.journal().release(former.name());
    } catch (IOException e) {
      // The follower tries that again by itself.
      failure.addSuppressed(e);
    }
    Follower stale = new Follower(former.name(), node, former.deadLetters(), routing);
    followers.add(stale);
    stale.start();
  }

  private static void closeFiles(Follower former) {
    try {
      former.close();
    } catch (IOException e) {
      LOG.warn("The files of follower {} cannot be closed", former.name(), e);
    }
  }
}
