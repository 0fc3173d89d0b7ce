package org.larder.prove.load;

import java.io.Closeable;
import java.io.IOException;

/** What one thread of the load does again and again. */
interface Lane extends Closeable {
  /** One request, until its outcome is known or it was given up. */
  void step() throws IOException, InterruptedException;
}
