package org.larder.journal.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The segments that hold synced frames, oldest first. Changes are made under the list's monitor;
 * readers take the immutable list of the moment.
 */
public final class SegmentList {
  private volatile List<Segment> segments;
  private volatile long syncedEnd;

  SegmentList(List<Segment> segments, long syncedEnd) {
    this.segments = List.copyOf(segments);
    this.syncedEnd = syncedEnd;
  }

  /** The list of the moment. */
  public List<Segment> all() {
    return segments;
  }

  /** The first sequence that can be read. */
  public long start() {
    List<Segment> now = segments;
    return now.isEmpty() ? syncedEnd : now.get(0).firstSequence();
  }

  /** Everything below is durable, or on record as lost. */
  public long syncedEnd() {
    return syncedEnd;
  }

  void syncedEnd(long sequence) {
    syncedEnd = sequence;
  }

  synchronized void add(Segment segment) {
    List<Segment> grown = new ArrayList<>(segments);
    grown.add(segment);
    segments = List.copyOf(grown);
  }

  /** The segments that lie wholly below the sequence, the last one never among them. */
  List<Segment> below(long sequence, boolean lastIsActive) {
    List<Segment> now = segments;
    List<Segment> found = new ArrayList<>();
    for (Segment segment : lastIsActive ? now.subList(0, Math.max(0, now.size() - 1)) : now) {
      if (segment.endSequence() > sequence) {
        break;
      }
      found.add(segment);
    }
    return found;
  }

  synchronized void remove(List<Segment> gone) {
    List<Segment> rest = new ArrayList<>(segments);
    rest.removeAll(gone);
    segments = List.copyOf(rest);
  }

  /** The first segment whose end lies beyond the sequence. */
  Optional<Segment> holding(long sequence) {
    List<Segment> now = segments;
    int low = 0;
    int high = now.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (now.get(middle).endSequence() > sequence) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low < now.size() ? Optional.of(now.get(low)) : Optional.empty();
  }

  /** The segment after the one with the number. */
  Optional<Segment> after(long number) {
    return segments.stream().filter(segment -> segment.number() > number).findFirst();
  }
}
