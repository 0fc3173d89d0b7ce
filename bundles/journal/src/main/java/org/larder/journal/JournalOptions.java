package org.larder.journal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * How a journal is opened.
 *
 * @param directory where it lives; made when missing, used by nothing else
 * @param maxBytes bound of all its segments together, the one prepared ahead included
 * @param segmentBytes size of a segment, a multiple of 4096; a frame must fit in one
 * @param groupBytes most bytes forced at once; a frame must fit in it
 * @param retryInterval how long to wait after a segment could not be made before trying again
 * @param files the file system
 * @param identity makes the id of a new journal
 */
public record JournalOptions(
    Path directory,
    long maxBytes,
    long segmentBytes,
    int groupBytes,
    Duration retryInterval,
    JournalFiles files,
    Supplier<UUID> identity) {

  /** Size of a segment where the bound allows it. */
  public static final long DEFAULT_SEGMENT_BYTES = 64L << 20;

  /** Room for a frame of 4 MiB with some to spare. */
  public static final int DEFAULT_GROUP_BYTES = 5 << 20;

  private static final int UNIT_BYTES = 4096;

  /** Checks the sizes. */
  public JournalOptions {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(retryInterval, "retryInterval");
    Objects.requireNonNull(files, "files");
    Objects.requireNonNull(identity, "identity");
    if (segmentBytes < 2 * UNIT_BYTES || segmentBytes % UNIT_BYTES != 0) {
      throw new IllegalArgumentException(
          "segmentBytes must be a multiple of 4096 and at least 8192, not " + segmentBytes);
    }
    if (maxBytes < 2 * segmentBytes) {
      throw new IllegalArgumentException(
          "maxBytes must hold two segments of " + segmentBytes + " bytes, not " + maxBytes);
    }
    if (groupBytes < UNIT_BYTES) {
      throw new IllegalArgumentException("groupBytes must be at least 4096, not " + groupBytes);
    }
  }

  /** A journal on the machine's file system, in segments of 64 MiB or an eighth of the bound. */
  public static JournalOptions of(Path directory, long maxBytes) {
    long eighth = maxBytes / 8 / UNIT_BYTES * UNIT_BYTES;
    return new JournalOptions(
        directory,
        maxBytes,
        Math.max(2 * UNIT_BYTES, Math.min(DEFAULT_SEGMENT_BYTES, eighth)),
        DEFAULT_GROUP_BYTES,
        Duration.ofSeconds(1),
        JournalFiles.system(),
        UUID::randomUUID);
  }

  /** The same with another size of segment. */
  public JournalOptions withSegmentBytes(long bytes) {
    return new JournalOptions(
        directory, maxBytes, bytes, groupBytes, retryInterval, files, identity);
  }

  /** The same with another bound of a group. */
  public JournalOptions withGroupBytes(int bytes) {
    return new JournalOptions(
        directory, maxBytes, segmentBytes, bytes, retryInterval, files, identity);
  }

  /** The same with another pause after a segment could not be made. */
  public JournalOptions withRetryInterval(Duration interval) {
    return new JournalOptions(
        directory, maxBytes, segmentBytes, groupBytes, interval, files, identity);
  }

  /** The same on another file system. */
  public JournalOptions withFiles(JournalFiles other) {
    return new JournalOptions(
        directory, maxBytes, segmentBytes, groupBytes, retryInterval, other, identity);
  }

  /** The same with another source of ids for a new journal. */
  public JournalOptions withIdentity(Supplier<UUID> source) {
    return new JournalOptions(
        directory, maxBytes, segmentBytes, groupBytes, retryInterval, files, source);
  }
}
