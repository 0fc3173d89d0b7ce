package org.larder.buffer.internal.migrate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;

/** Counts what was found equal, for all collections of a migration; for any thread. */
final class Meter {
  private final MessageDigest digest = CanonicalRow.digest();
  private long records;
  private long ranges;
  private long heldNanos;

  synchronized void equal(Range range) {
    records += range.records();
    ranges++;
    digest.update(range.digest().getBytes(StandardCharsets.US_ASCII));
  }

  synchronized void held(long nanos) {
    heldNanos += nanos;
  }

  synchronized long records() {
    return records;
  }

  synchronized long ranges() {
    return ranges;
  }

  synchronized Duration heldFor() {
    return Duration.ofNanos(heldNanos);
  }

  /** SHA-256 over the digests of all ranges; asked once, at the end. */
  synchronized byte[] digest() {
    return digest.digest();
  }
}
