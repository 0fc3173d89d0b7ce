package org.larder.prove.mischief;

import java.io.IOException;

/** What is done to a node under load; for one thread. */
public interface Mischief {
  /** Does it, for all rounds; leaves a node that runs and is ready. */
  void run(Stage stage) throws IOException;

  /** Looks, once all writers have ended, whether what the node answered is what it may answer. */
  void judge(Stage stage) throws IOException;
}
