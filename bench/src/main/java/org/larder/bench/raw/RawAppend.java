package org.larder.bench.raw;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** The disk alone: one thread that appends to a growing file and forces each append. */
public final class RawAppend {
  private RawAppend() {}

  /**
   * What the disk did.
   *
   * @param appends forced
   * @param taken altogether
   * @param latencies of an append with its force, in nanoseconds, from its intended start
   */
  public record Result(long appends, Duration taken, Histogram latencies) {
    /** Forced appends per second. */
    public double perSecond() {
      return appends * 1e9 / taken.toNanos();
    }

    /** A latency in milliseconds. */
    public double percentileMs(double percentile) {
      return latencies.getValueAtPercentile(percentile) / 1e6;
    }
  }

  /**
   * Appends for that long.
   *
   * @param file is made, and deleted afterwards
   * @param interval between intended starts; zero for one after the other
   */
  public static Result run(Path file, int bytes, Duration interval, Duration duration)
      throws IOException {
    byte[] content = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(content);
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes).put(content);
    Histogram latencies = new Histogram(3);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long begin = System.nanoTime();
      long end = begin + duration.toNanos();
      long intended = begin;
      while (intended < end) {
        awaitNanos(intended);
        buffer.rewind();
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(false);
        long now = System.nanoTime();
        latencies.recordValue(now - intended);
        intended = interval.isZero() ? now : intended + interval.toNanos();
      }
      Duration taken = Duration.ofNanos(System.nanoTime() - begin);
      return new Result(latencies.getTotalCount(), taken, latencies);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void awaitNanos(long time) {
    for (long wait = time - System.nanoTime(); wait > 0; wait = time - System.nanoTime()) {
      LockSupport.parkNanos(wait);
    }
  }
}
