package org.larder.prove.database;

import java.io.IOException;
import java.time.Duration;

/** A database that is a process of its own, which this program may torment; for one thread. */
public interface DatabaseServer {
  /** Starts it again after it was killed or shut down; returns when it answers. */
  void start() throws IOException;

  /**
   * Whether its process has ended; that it says nothing does not mean so.
   *
   * @param patience how long that is waited for
   */
  boolean hasEnded(Duration patience) throws IOException;

  /**
   * Starts it again if its process ended by itself, as a service manager would; otherwise waits
   * until it answers.
   *
   * @return whether it had ended
   */
  boolean revive() throws IOException;

  /** Shuts it down in order. */
  void stop() throws IOException;

  /** Ends it at once with SIGKILL. */
  void kill() throws IOException;

  /** Stops its clock with SIGSTOP: connections stay, nothing is answered. */
  void pause() throws IOException;

  /** Lets it go on after a pause; does nothing if there was none. */
  void resume() throws IOException;
}
