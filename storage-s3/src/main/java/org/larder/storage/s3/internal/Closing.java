package org.larder.storage.s3.internal;

import java.io.IOException;
import java.util.List;

/** Closes several sources, whatever some of them throw. Stateless. */
final class Closing {
  private Closing() {}

  /** Closes all; throws what the first threw, with what others threw suppressed in it. */
  static void all(List<? extends LineSource> sources) throws IOException {
    IOException first = null;
    for (LineSource source : sources) {
      try {
        source.close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** Closes all after a failure, which stays what is told: what closing throws is suppressed. */
  static void after(Exception failure, List<? extends LineSource> sources) {
    for (LineSource source : sources) {
      try {
        source.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }
}
