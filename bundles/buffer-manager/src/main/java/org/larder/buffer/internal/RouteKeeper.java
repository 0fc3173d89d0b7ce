package org.larder.buffer.internal;

import java.io.IOException;
import org.larder.buffer.RouteTable;

/** Where routes are written before they take effect. For one thread at a time. */
interface RouteKeeper {
  /** Keeps nothing. */
  RouteKeeper NONE =
      new RouteKeeper() {
        @Override
        public void write(RouteTable table) {
          // whoever changes them has them elsewhere
        }

        @Override
        public boolean says(RouteTable table) {
          return false;
        }
      };

  /**
   * Keeps these routes in the place of the former.
   *
   * @throws IOException if they cannot be; the former are kept then
   */
  void write(RouteTable table) throws IOException;

  /** True if these very routes are kept. */
  boolean says(RouteTable table) throws IOException;
}
