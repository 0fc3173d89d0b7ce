package org.larder.prove.database;

import java.io.IOException;

/** A way in which a database can be taken away for a while; for one thread. */
public interface Outage {
  /** Takes it away. */
  void begin() throws IOException;

  /** Gives it back. */
  void end() throws IOException;
}
