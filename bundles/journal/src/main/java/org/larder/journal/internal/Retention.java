package org.larder.journal.internal;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.larder.journal.JournalOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each reader still needs, and the deletion of what none does. The disk is worked on by the
 * keeper's thread; whoever moves a reader on waits for it with the monitor held.
 */
final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  private final JournalOptions options;
  private final MetadataFile file;
  private final Losses losses;
  private final SegmentList segments;
  private final SegmentWriter writer;
  private final AppendQueue queue;
  private final SegmentAllocator allocator;
  private final Keeper keeper;
  private final TreeMap<String, Long> readers;
  private boolean unsaved;

  /** Those that are not read any more, and whose files are still there; the keeper's thread's. */
  private final List<Segment> undeleted = new ArrayList<>();

  /** Tries those again that could not be deleted, which was told; null for none; likewise. */
  private Future<?> nextTry;

  Retention(
      JournalOptions options,
      MetadataFile file,
      Map<String, Long> readers,
      Losses losses,
      SegmentList segments,
      SegmentWriter writer,
      AppendQueue queue,
      SegmentAllocator allocator,
      Keeper keeper) {
    this.options = options;
    this.file = file;
    this.readers = new TreeMap<>(readers);
    this.losses = losses;
    this.segments = segments;
    this.writer = writer;
    this.queue = queue;
    this.allocator = allocator;
    this.keeper = keeper;
  }

  synchronized void retain(String reader, long sequence) throws IOException {
    long held = Math.min(sequence, segments.syncedEnd());
    Long before = readers.put(reader, held);
    if (before != null && before == held) {
      return;
    }
    unsaved = true;
    if (before == null || held < before) {
      keeper.run(this::save);
    }
    collect();
  }

  synchronized void release(String reader) throws IOException {
    if (readers.remove(reader) == null) {
      return;
    }
    unsaved = true;
    keeper.run(this::save);
    collect();
  }

  synchronized Map<String, Long> retained() {
    return Map.copyOf(readers);
  }

  /** Deletes the segments that nobody needs; without readers, none. */
  synchronized void collect() throws IOException {
    if (readers.isEmpty()) {
      return;
    }
    long floor = Long.MAX_VALUE;
    for (long held : readers.values()) {
      floor = Math.min(floor, held);
    }
    List<Segment> all = segments.all();
    boolean lastIsActive =
        !all.isEmpty() && all.get(all.size() - 1).number() == writer.activeNumber();
    List<Segment> doomed = segments.below(floor, lastIsActive);
    if (!doomed.isEmpty()) {
      keeper.run(() -> delete(doomed));
    }
  }

  private void delete(List<Segment> doomed) throws IOException {
    losses.save();
    save();
    segments.remove(doomed);
    undeleted.addAll(doomed);
    if (nextTry != null) {
      return;
    }
    try {
      deleteFiles();
    } catch (IOException e) {
      nextTry = keeper.later(options.retryInterval(), this::deleteAgain);
      throw e;
    }
  }

  /**
   * Oldest first, and none behind one that cannot be deleted: what is there has no hole. What is
   * left counts on.
   */
  private void deleteFiles() throws IOException {
    int before = undeleted.size();
    try {
      for (Iterator<Segment> rest = undeleted.iterator(); rest.hasNext(); ) {
        Segment segment = rest.next();
        options.files().delete(segment.file());
        queue.deleted(segment.fileBytes());
        rest.remove();
      }
    } finally {
      if (undeleted.size() < before) {
        deleted();
      }
    }
  }

  private void deleted() throws IOException {
    try {
      options.files().syncDirectory(options.directory());
    } finally {
      allocator.poke();
    }
  }

  /** By itself: at the bound nobody appends, so that no reader moves on. */
  private void deleteAgain() {
    try {
      deleteFiles();
      nextTry = null;
      LOG.info("Segments can be deleted again in {}", options.directory());
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} segments cannot be deleted yet", undeleted.size(), e);
      nextTry = keeper.later(options.retryInterval(), this::deleteAgain);
    }
  }

  private void save() throws IOException {
    if (unsaved) {
      file.write(lines(readers));
      unsaved = false;
    }
  }

  synchronized void close() throws IOException {
    keeper.run(
        () -> {
          losses.save();
          save();
        });
  }

  private static List<String> lines(Map<String, Long> readers) {
    List<String> lines = new ArrayList<>();
    readers.forEach(
        (reader, sequence) ->
            lines.add(
                "reader " + URLEncoder.encode(reader, StandardCharsets.UTF_8) + " " + sequence));
    return lines;
  }

  static Map<String, Long> parse(List<String> lines) {
    Map<String, Long> readers = new TreeMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words.length == 3 && words[0].equals("reader")) {
        readers.put(URLDecoder.decode(words[1], StandardCharsets.UTF_8), Long.parseLong(words[2]));
      }
    }
    return readers;
  }
}
