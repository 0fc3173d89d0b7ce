package org.larder.buffer.internal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.larder.journal.Frame;
import org.larder.journal.Journal;
import org.larder.journal.JournalReader;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;

/**
 * Cuts the journal into stretches for batches; for one thread.
 *
 * <p>A stretch ends before an insert whose key it has already, and after any insert: whether that
 * takes effect hangs on what is stored before it.
 */
final class StretchReader implements AutoCloseable {
  private static final int READ_BYTES = 1 << 20;
  private static final long STRETCH_BYTES = 16L << 20;

  private final JournalReader reader;
  private final Catalogue catalogue;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private long position;

  StretchReader(Journal journal, Catalogue catalogue, long position) {
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
    Set<String> keys = new HashSet<>();
    long from = position;
    int items = 0;
    long bytes = 0;
    boolean schemaChanged = false;
    while (items < wantedItems && bytes < STRETCH_BYTES) {
      Frame frame = nextFrame();
      if (frame == null) {
        break;
      }
      if (frame.kind() == FramePayload.SCHEMA) {
        schemaChanged = true;
        position = frame.endSequence();
        continue;
      }
      List<Mutation> all = itemsOf(frame);
      int taken = untilInsert(all, units, keys);
      if (taken > 0) {
        List<Mutation> part = all.subList(0, taken);
        units.add(new Stretch.Unit(frame.atomic(), part.get(0).sequence(), part));
        items += taken;
        bytes += frame.payload().remaining();
        position = part.get(taken - 1).sequence() + 1;
      }
      if (taken < all.size()) {
        frames.addFirst(frame);
        break;
      }
      if (all.get(taken - 1).kind() == Mutation.Kind.INSERT) {
        break;
      }
    }
    return position == from ? null : new Stretch(from, position, units, schemaChanged);
  }

  private Frame nextFrame() throws IOException {
    if (frames.isEmpty()) {
      frames.addAll(reader.read(READ_BYTES));
    }
    return frames.poll();
  }

  private List<Mutation> itemsOf(Frame frame) {
    CollectionSchema schema =
        catalogue.version(FramePayload.collection(frame), frame.schemaVersion());
    List<Mutation> items = FramePayload.items(frame, schema);
    int done = (int) Math.max(0, position - frame.sequence());
    return items.subList(done, items.size());
  }

  /** How many of the items fit before a stretch has to end for an insert. */
  private static int untilInsert(
      List<Mutation> items, List<Stretch.Unit> before, Set<String> keys) {
    for (int i = 0; i < items.size(); i++) {
      Mutation item = items.get(i);
      if (item.kind() == Mutation.Kind.INSERT) {
        if (keys.isEmpty()) {
          before.forEach(unit -> unit.items().forEach(earlier -> keys.add(name(earlier))));
        }
        items.subList(0, i).forEach(earlier -> keys.add(name(earlier)));
        return keys.contains(name(item)) ? i : i + 1;
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
