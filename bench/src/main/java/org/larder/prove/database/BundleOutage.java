package org.larder.prove.database;

import java.io.IOException;
import org.larder.prove.node.BackendBundle;

/** The backend's bundle is stopped. */
record BundleOutage(BackendBundle bundle) implements Outage {
  @Override
  public void begin() throws IOException {
    bundle.stop();
  }

  @Override
  public void end() throws IOException {
    bundle.start();
  }
}
