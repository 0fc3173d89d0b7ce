package org.larder.prove.database;

import java.io.IOException;

/** A way in which a database can be taken away for a while; for one thread. */
public interface Outage {
  /** Takes it away. */
  void begin() throws IOException;

  /** Gives it back. */
  void end() throws IOException;

  /** One half of an outage. */
  interface Step {
    /** Does it. */
    void run() throws IOException;
  }

  /** Made of two steps. */
  static Outage of(Step begin, Step end) {
    return new Outage() {
      @Override
      public void begin() throws IOException {
        begin.run();
      }

      @Override
      public void end() throws IOException {
        end.run();
      }
    };
  }
}
