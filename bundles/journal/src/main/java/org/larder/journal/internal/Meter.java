package org.larder.journal.internal;

/** Totals that the committer alone counts and anyone reads; one field may be ahead of another. */
@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
final class Meter {
  private static final int MEAN_OVER = 16;

  private volatile long frames;
  private volatile long items;
  private volatile long bytes;
  private volatile long groups;
  private volatile long nanosTotal;
  private volatile long nanosMean;
  private volatile long nanosMax;
  private volatile long failures;

  void forced(long nanos) {
    groups++;
    nanosTotal += nanos;
    nanosMax = Math.max(nanosMax, nanos);
    nanosMean = nanosMean == 0 ? nanos : nanosMean + (nanos - nanosMean) / MEAN_OVER;
  }

  void synced(long newFrames, long newItems, long newBytes) {
    frames += newFrames;
    items += newItems;
    bytes += newBytes;
  }

  void failed() {
    failures++;
  }

  long frames() {
    return frames;
  }

  long items() {
    return items;
  }

  long bytes() {
    return bytes;
  }

  long groups() {
    return groups;
  }

  long nanosTotal() {
    return nanosTotal;
  }

  long nanosMean() {
    return nanosMean;
  }

  long nanosMax() {
    return nanosMax;
  }

  long failures() {
    return failures;
  }
}
