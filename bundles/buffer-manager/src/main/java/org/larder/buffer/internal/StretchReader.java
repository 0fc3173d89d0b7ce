package org.larder.buffer.internal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.larder.journal.Frame;
import org.larder.journal.Journal;
import org.larder.journal.JournalReader;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;

/**
 * Cuts the journal into stretches for batches; for one thread. After a failure it is of no use any
 * more.
 *
 * <p>A stretch ends at {@link InsertBorders}. An atomic frame is never cut. An operator's order is
 * a stretch of its own.
 */
final class StretchReader implements AutoCloseable {
  private static final int READ_BYTES = 1 << 20;

  /** What a stretch has at most, save for what its last frame has over. */
  static final long STRETCH_BYTES = 16L << 20;

  private final JournalReader reader;
  private final Catalogue catalogue;
  private final Predicate<String> wanted;
  private final Deque<Frame> frames = new ArrayDeque<>();

  /** What a stretch has left over of a frame, and whether that was atomic. */
  private List<Mutation> rest = List.of();

  /** The sequences of deletes by retention from the position on, as far as it has read. */
  private final TreeSet<Long> expiries = new TreeSet<>();

  private long position;

  /**
   * Reads from a position on.
   *
   * @param wanted says which collections; records of others are passed over
   */
  StretchReader(Journal journal, Catalogue catalogue, long position, Predicate<String> wanted) {
    this.wanted = wanted;
    this.reader = journal.reader(0, position);
    this.catalogue = catalogue;
    this.position = position;
  }

  /** The sequence behind the last stretch. */
  long position() {
    return position;
  }

  /** The next stretch as {@link #next(int, int, long)} gives it, without limits. */
  Stretch next(int wantedItems) throws IOException {
    return next(wantedItems, Integer.MAX_VALUE, Long.MAX_VALUE);
  }

  /**
   * The next stretch: whole frames until there are at least so many items, or as far as the journal
   * is synced; null if nothing is there.
   *
   * @param mostItems a frame that has more is cut, unless it is atomic; at least as many as wanted
   * @param limit frames from here on are left for later
   * @throws IOException if the journal cannot be read
   */
  Stretch next(int wantedItems, int mostItems, long limit) throws IOException {
    Gathering gathering = new Gathering(mostItems);
    while (!gathering.isFull(wantedItems)) {
      if (!rest.isEmpty()) {
        gathering.takeRest();
        continue;
      }
      Frame frame = nextFrame();
      if (frame == null) {
        break;
      }
      boolean record = frame.kind() == FramePayload.RECORD;
      if (record && gathering.isEmpty() && frame.sequence() < limit) {
        return ordered(frame);
      }
      if (record || frame.sequence() >= limit || !gathering.take(frame)) {
        frames.addFirst(frame);
        break;
      }
    }
    return gathering.isEmpty() ? null : gathering.stretch();
  }

  /** A record of the journal's own is a stretch of its own. */
  private Stretch ordered(Frame frame) throws IOException {
    long from = position;
    position = frame.endSequence();
    return Stretch.of(
        from, position, new Stretch.Ordered(LogRecord.decode(frame), frame.sequence()));
  }

  /** What comes into one stretch. */
  private final class Gathering {
    private final long from = position;
    private final int mostItems;
    private final List<Stretch.Unit> units = new ArrayList<>();
    private final List<CollectionSchema> schemas = new ArrayList<>();
    private final Map<String, Long> skipped = new HashMap<>();
    private final InsertBorders borders = new InsertBorders();
    private int items;
    private long bytes;
    private boolean ended;

    Gathering(int mostItems) {
      this.mostItems = mostItems;
    }

    boolean isEmpty() {
      return position == from;
    }

    boolean isFull(int wantedItems) {
      return ended || items >= wantedItems || bytes >= STRETCH_BYTES;
    }

    /** Takes what an earlier stretch has left of a frame, as far as it may come into this one. */
    void takeRest() {
      List<Mutation> all = rest;
      int taken = fitting(all);
      position = all.get(all.size() - 1).sequence() + 1;
      take(all, taken, false);
    }

    /**
     * Takes a frame, as far as it may come into this stretch.
     *
     * @return false if it has to be left to the next: nothing of it was taken then
     */
    boolean take(Frame frame) {
      if (frame.kind() == FramePayload.SCHEMA) {
        schemas.add(FramePayload.schema(frame));
        position = frame.endSequence();
        return true;
      }
      Content content = contentOf(frame);
      bytes += frame.payload().remaining();
      List<Mutation> all = content.items();
      int taken = fitting(all);
      if (ended && frame.atomic()) {
        if (!units.isEmpty()) {
          return false;
        }
        taken = all.size();
      }
      content.elsewhere().forEach((name, records) -> skipped.merge(name, records, Long::sum));
      position = frame.endSequence();
      take(all, taken, frame.atomic());
      return true;
    }

    private int fitting(List<Mutation> all) {
      int taken = Math.min(borders.fitting(all, units), mostItems - items);
      ended = taken < all.size();
      return taken;
    }

    private void take(List<Mutation> all, int taken, boolean atomic) {
      rest = all.subList(taken, all.size());
      if (taken > 0) {
        units.add(new Stretch.Unit(atomic, all.subList(0, taken)));
        items += taken;
      }
      if (!rest.isEmpty()) {
        position = rest.get(0).sequence();
      }
    }

    Stretch stretch() {
      return new Stretch(
          from, position, units, schemas, Optional.empty(), skipped, expiriesUpTo(position));
    }
  }

  /** Those of what is left over of a frame are kept for the next stretch. */
  private Set<Long> expiriesUpTo(long end) {
    if (expiries.isEmpty()) {
      return Set.of();
    }
    Set<Long> passed = Set.copyOf(expiries.headSet(end));
    expiries.removeAll(passed);
    return passed;
  }

  private Frame nextFrame() throws IOException {
    if (frames.isEmpty()) {
      frames.addAll(reader.read(READ_BYTES));
    }
    return frames.poll();
  }

  /**
   * What a frame has from the position on.
   *
   * @param items that are wanted
   * @param elsewhere how many others there are, by collection
   */
  private record Content(List<Mutation> items, Map<String, Long> elsewhere) {}

  private Content contentOf(Frame frame) {
    List<Mutation> items = new ArrayList<>();
    Map<String, Long> elsewhere = new HashMap<>();
    for (FramePayload.Part part : FramePayload.parts(frame)) {
      int done = (int) Math.max(0, Math.min(part.count(), position - part.sequence()));
      if (wanted.test(part.collection())) {
        items.addAll(itemsOf(part).subList(done, part.count()));
      } else if (done < part.count()) {
        elsewhere.merge(part.collection(), (long) part.count() - done, Long::sum);
      }
    }
    return new Content(items, elsewhere);
  }

  private List<Mutation> itemsOf(FramePayload.Part part) {
    return FramePayload.items(
        part, catalogue.version(part.collection(), part.schemaVersion()), expiries::add);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
