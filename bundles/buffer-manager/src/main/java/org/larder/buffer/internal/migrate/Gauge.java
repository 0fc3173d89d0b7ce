package org.larder.buffer.internal.migrate;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.larder.buffer.MigrationStatus.Comparison;

/** How fast a migration is and what it waits for: set by its thread, read by any. */
final class Gauge {
  private final LongSupplier nanoTime;
  private long baseNanos;
  private long base;
  private long count;
  private long goal;
  private long verified;
  private Comparison comparison;
  private String code = "";
  private String message = "";

  Gauge(long verified, Comparison comparison, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    baseNanos = nanoTime.getAsLong();
    this.verified = verified;
    this.comparison = comparison;
  }

  /** A phase begins in which there is something to count. */
  synchronized void begin(long from, long to) {
    baseNanos = nanoTime.getAsLong();
    base = from;
    count = from;
    goal = to;
  }

  synchronized void count(long now) {
    count = now;
  }

  synchronized void compared(long records, Comparison found) {
    verified = records;
    comparison = found;
  }

  /** What is in the way; empty for nothing. */
  synchronized void waits(String why, String sentence) {
    code = why;
    message = sentence;
  }

  synchronized long counted() {
    return count;
  }

  synchronized double perSecond() {
    double seconds = (nanoTime.getAsLong() - baseNanos) / 1e9;
    return seconds <= 0 || count <= base ? 0 : (count - base) / seconds;
  }

  synchronized Optional<Duration> remaining() {
    double rate = perSecond();
    return rate <= 0 || goal <= count
        ? Optional.empty()
        : Optional.of(Duration.ofMillis((long) ((goal - count) / rate * 1_000)));
  }

  synchronized long verified() {
    return verified;
  }

  synchronized Comparison comparison() {
    return comparison;
  }

  synchronized String code() {
    return code;
  }

  synchronized String message() {
    return message;
  }
}
