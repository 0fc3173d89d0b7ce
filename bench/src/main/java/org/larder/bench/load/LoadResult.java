package org.larder.bench.load;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What a load did.
 *
 * @param items acknowledged
 * @param requests acknowledged
 * @param refused answered 503
 * @param failed answered otherwise, or not at all
 * @param firstFailure what the first of them was; empty if there was none
 * @param taken from the first start to the last reply
 * @param latencies of the acknowledged requests in nanoseconds, from their intended starts
 */
public record LoadResult(
    long items,
    long requests,
    long refused,
    long failed,
    String firstFailure,
    Duration taken,
    Histogram latencies) {

  /** Acknowledged items per second. */
  public double itemsPerSecond() {
    return items * 1e9 / taken.toNanos();
  }

  /** A latency in milliseconds at or below which that share of the requests was answered. */
  public double percentileMs(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e6;
  }

  /** This result, unless anything but 503 went wrong. */
  public LoadResult orFail() {
    if (failed > 0) {
      throw new IllegalStateException(failed + " requests failed, the first with " + firstFailure);
    }
    return this;
  }
}
