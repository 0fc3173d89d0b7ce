package org.larder.journal.internal;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.larder.journal.JournalOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each reader still needs, and the deletion of what none does. The disk is worked on by the
 * keeper's thread, which needs no monitor; whoever moves a reader on waits for it with the monitor
 * held.
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

  /** Never changed but replaced, under the monitor. */
  private volatile Map<String, Long> readers;

  /** Those that have gone back, or are new, and may not be in the file yet; under the monitor. */
  private final Set<String> unsaved = new HashSet<>();

  /** What the file says; the keeper's thread's. */
  private Map<String, Long> saved;

  /** Those that are not read any more, and whose files are still there; likewise. */
  private final List<Segment> undeleted = new ArrayList<>();

  /** Tries again what could not be done, which was told; null for none; likewise. */
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
    this.readers = Map.copyOf(readers);
    saved = this.readers;
    this.losses = losses;
    this.segments = segments;
    this.writer = writer;
    this.queue = queue;
    this.allocator = allocator;
    this.keeper = keeper;
  }

  synchronized void retain(String reader, long sequence) throws IOException {
    long held = Math.min(sequence, segments.syncedEnd());
    Map<String, Long> changed = new TreeMap<>(readers);
    Long before = changed.put(reader, held);
    if (before == null || held < before) {
      unsaved.add(reader);
    }
    if (before != null && before == held && !unsaved.contains(reader)) {
      return;
    }
    readers = Map.copyOf(changed);
    if (unsaved.contains(reader)) {
      keeper.run(() -> save(readers));
      unsaved.remove(reader);
    }
    collect();
  }

  synchronized void release(String reader) throws IOException {
    Map<String, Long> changed = new TreeMap<>(readers);
    if (changed.remove(reader) == null) {
      return;
    }
    readers = Map.copyOf(changed);
    unsaved.remove(reader);
    keeper.run(() -> save(readers));
    collect();
  }

  Map<String, Long> retained() {
    return readers;
  }

  /** Deletes the segments that nobody needs; without readers, none. */
  synchronized void collect() throws IOException {
    if (!unneeded(readers).isEmpty()) {
      keeper.run(this::delete);
    }
  }

  private List<Segment> unneeded(Map<String, Long> needs) {
    if (needs.isEmpty()) {
      return List.of();
    }
    List<Segment> all = segments.all();
    boolean lastIsActive =
        !all.isEmpty() && all.get(all.size() - 1).number() == writer.activeNumber();
    return segments.below(Collections.min(needs.values()), lastIsActive);
  }

  /** Nothing is deleted that a reader needs according to the file. */
  private void delete() throws IOException {
    Map<String, Long> now = readers;
    try {
      losses.save();
      save(now);
      List<Segment> doomed = unneeded(now);
      segments.remove(doomed);
      undeleted.addAll(doomed);
      if (nextTry == null) {
        deleteFiles();
      }
    } catch (IOException | RuntimeException e) {
      if (nextTry == null) {
        nextTry = keeper.later(options.retryInterval(), this::deleteAgain);
      }
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
    nextTry = null;
    try {
      delete();
      LOG.info("Segments can be deleted again in {}", options.directory());
    } catch (IOException | RuntimeException e) {
      LOG.debug("Segments cannot be deleted yet in {}", options.directory(), e);
    }
  }

  private void save(Map<String, Long> now) throws IOException {
    if (!now.equals(saved)) {
      file.write(lines(now));
      saved = now;
    }
  }

  synchronized void close() throws IOException {
    keeper.run(
        () -> {
          losses.save();
          save(readers);
        });
  }

  private static List<String> lines(Map<String, Long> readers) {
    List<String> lines = new ArrayList<>();
    new TreeMap<>(readers)
        .forEach(
            (reader, sequence) ->
                lines.add(
                    "reader "
                        + URLEncoder.encode(reader, StandardCharsets.UTF_8)
                        + " "
                        + sequence));
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
