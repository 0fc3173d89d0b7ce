package org.larder.buffer.internal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * <p>A stretch ends before an insert whose key it has already, and after any insert: whether that
 * takes effect hangs on what is stored before it. An atomic frame is never cut. An operator's order
 * is a stretch of its own.
 */
final class StretchReader implements AutoCloseable {
  private static final int READ_BYTES = 1 << 20;
  private static final long STRETCH_BYTES = 16L << 20;

  private final JournalReader reader;
  private final Catalogue catalogue;
  private final Predicate<String> wanted;
  private final Deque<Frame> frames = new ArrayDeque<>();

  /** What a stretch has left over of a frame, and whether that was atomic. */
  private List<Mutation> rest = List.of();

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

  /**
   * The next stretch: whole frames until there are at least so many items, or as far as the journal
   * is synced; null if nothing is there.
   *
   * @throws IOException if the journal cannot be read
   */
  Stretch next(int wantedItems) throws IOException {
    List<Stretch.Unit> units = new ArrayList<>();
    long from = position;
    int items = 0;
    long bytes = 0;
    List<CollectionSchema> schemas = new ArrayList<>();
    Map<String, Long> skipped = Map.of();
    boolean ended = false;
    while (!ended && items < wantedItems && bytes < STRETCH_BYTES) {
      Frame frame = null;
      List<Mutation> all = rest;
      if (all.isEmpty()) {
        frame = nextFrame();
        if (frame == null) {
          break;
        }
        if (frame.kind() == FramePayload.SCHEMA) {
          schemas.add(FramePayload.schema(frame));
          position = frame.endSequence();
          continue;
        }
        if (frame.kind() == FramePayload.RECORD) {
          if (position != from) {
            frames.addFirst(frame);
            break;
          }
          position = frame.endSequence();
          return Stretch.of(
              from, position, new Stretch.Ordered(LogRecord.decode(frame), frame.sequence()));
        }
        String collection = FramePayload.collection(frame);
        if (!wanted.test(collection)) {
          if (skipped.isEmpty()) {
            skipped = new HashMap<>();
          }
          skipped.merge(collection, frame.endSequence() - position, Long::sum);
          position = frame.endSequence();
          bytes += frame.payload().remaining();
          continue;
        }
        all = itemsOf(frame, collection);
        bytes += frame.payload().remaining();
      }
      int taken = untilInsert(all, units);
      ended = taken < all.size() || all.get(taken - 1).kind() == Mutation.Kind.INSERT;
      boolean atomic = frame != null && frame.atomic();
      if (atomic) {
        taken = ended && taken < all.size() && !units.isEmpty() ? 0 : all.size();
      }
      if (atomic && taken == 0) {
        frames.addFirst(frame);
        break;
      }
      rest = all.subList(taken, all.size());
      if (taken > 0) {
        units.add(new Stretch.Unit(atomic, all.subList(0, taken)));
        items += taken;
        position = all.get(taken - 1).sequence() + 1;
      }
    }
    return position == from
        ? null
        : new Stretch(from, position, units, schemas, Optional.empty(), skipped);
  }

  private Frame nextFrame() throws IOException {
    if (frames.isEmpty()) {
      frames.addAll(reader.read(READ_BYTES));
    }
    return frames.poll();
  }

  private List<Mutation> itemsOf(Frame frame, String collection) {
    CollectionSchema schema = catalogue.version(collection, frame.schemaVersion());
    List<Mutation> items = FramePayload.items(frame, schema);
    int done = (int) Math.max(0, position - frame.sequence());
    return items.subList(done, items.size());
  }

  /** How many of the items fit before a stretch has to end for an insert; at least one if alone. */
  static int untilInsert(List<Mutation> items, List<Stretch.Unit> before) {
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).kind() == Mutation.Kind.INSERT) {
        Set<String> keys = new HashSet<>();
        before.forEach(unit -> unit.items().forEach(earlier -> keys.add(name(earlier))));
        items.subList(0, i).forEach(earlier -> keys.add(name(earlier)));
        return keys.contains(name(items.get(i))) ? i : i + 1;
      }
    }
    return items.size();
  }

  private static String name(Mutation mutation) {
    return mutation.collection() + '/' + mutation.key();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
