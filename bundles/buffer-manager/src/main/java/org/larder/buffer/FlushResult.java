package org.larder.buffer;

import java.time.Duration;
import java.util.Map;

/**
 * What a flush did.
 *
 * @param written records that were pending at the call and are in the backend now, by collection;
 *     only those with any
 * @param took how long it took
 */
public record FlushResult(Map<String, Long> written, Duration took) {
  public FlushResult {
    written = Map.copyOf(written);
  }
}
