package org.larder.prove.load;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Counts what writes were answered, and how long nobody got a 202. Free for any thread. */
public final class Answers {
  private final LongSupplier nanoTime;
  private final Map<String, Long> others = new TreeMap<>();
  private long requests;
  private long items;
  private long deletions;
  private long broken;
  private long refused;
  private long wrong;
  private long lastNanos;
  private long longestGapNanos;

  /** None as yet. */
  public Answers() {
    this(System::nanoTime);
  }

  Answers(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  synchronized void begin() {
    lastNanos = nanoTime.getAsLong();
  }

  synchronized void accepted(int count) {
    gapEnds();
    requests++;
    items += count;
  }

  synchronized void deleted() {
    deletions++;
  }

  /** There was no reply: the connection was refused, broken off or silent. */
  synchronized void broken(String how) {
    broken++;
    others.merge("no answer: " + how, 1L, Long::sum);
  }

  /** 429, 503 or 507: come again. */
  synchronized void refused(String what) {
    refused++;
    others.merge(what, 1L, Long::sum);
  }

  /** Anything else: no node in any trouble may say so to a good request. */
  synchronized void wrong(String what) {
    wrong++;
    others.merge(what, 1L, Long::sum);
  }

  synchronized void end() {
    gapEnds();
  }

  private void gapEnds() {
    long now = nanoTime.getAsLong();
    longestGapNanos = Math.max(longestGapNanos, now - lastNanos);
    lastNanos = now;
  }

  /** Writes that were answered with 202. */
  public synchronized long requests() {
    return requests;
  }

  /** Tasks in them. */
  public synchronized long items() {
    return items;
  }

  /** Sessions that were deleted. */
  public synchronized long deletions() {
    return deletions;
  }

  /** Writes without a reply. */
  public synchronized long broken() {
    return broken;
  }

  /** Writes that were answered with 429, 503 or 507. */
  public synchronized long refused() {
    return refused;
  }

  /** Writes that were answered with anything else. */
  public synchronized long wrong() {
    return wrong;
  }

  /** What was answered instead of 202, and how often. */
  public synchronized Map<String, Long> others() {
    return new TreeMap<>(others);
  }

  /** How long no writer at all got a 202, at most. */
  public synchronized Duration longestGap() {
    return Duration.ofNanos(longestGapNanos);
  }
}
