package org.larder.journal.internal;

import java.nio.file.Path;
import java.util.List;

/**
 * A segment that holds synced frames. The committer moves its end, readers look: they read the end
 * of the data before they use it.
 */
public final class Segment {
  private final long number;
  private final Path file;
  private final long firstSequence;
  private final long fileBytes;
  private final SparseIndex index;
  private volatile long endSequence;
  private volatile long dataEnd;
  private volatile List<Hole> holes;

  Segment(
      long number,
      Path file,
      long firstSequence,
      long endSequence,
      long fileBytes,
      long dataEnd,
      SparseIndex index,
      List<Hole> holes) {
    this.number = number;
    this.file = file;
    this.firstSequence = firstSequence;
    this.endSequence = endSequence;
    this.fileBytes = fileBytes;
    this.dataEnd = dataEnd;
    this.index = index;
    this.holes = holes;
  }

  /** Its number; they rise. */
  public long number() {
    return number;
  }

  /** Where it is. */
  public Path file() {
    return file;
  }

  /** The first sequence that may be in it. */
  public long firstSequence() {
    return firstSequence;
  }

  /** The sequence after the last synced one. */
  public long endSequence() {
    return endSequence;
  }

  /** Size of the file. */
  public long fileBytes() {
    return fileBytes;
  }

  /** Where the synced frames end in the file. */
  public long dataEnd() {
    return dataEnd;
  }

  SparseIndex index() {
    return index;
  }

  void synced(long sequence, long end) {
    endSequence = sequence;
    dataEnd = end;
  }

  List<Hole> holes() {
    return holes;
  }

  void holes(List<Hole> found) {
    holes = List.copyOf(found);
  }

  /** Where to go on when the offset is that of a known hole; else the offset. */
  long behindHole(long offset) {
    List<Hole> known = holes;
    if (known.isEmpty()) {
      return offset;
    }
    for (Hole hole : known) {
      if (hole.from() <= offset && offset < hole.to()) {
        return hole.to();
      }
    }
    return offset;
  }
}
