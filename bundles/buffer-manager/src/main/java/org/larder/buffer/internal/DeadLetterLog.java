package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.larder.buffer.DeadLetter;
import org.larder.storage.model.Mutation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mutations that one follower's backend refused, on disk before the position moves past them.
 * Written by the follower's thread, looked at by any.
 *
 * <p>The file is a {@link DurableFile}: first the id of the journal whose sequences the letters
 * bear, then a letter an entry.
 */
final class DeadLetterLog implements AutoCloseable {
  /** More keys than this are no accident of a few records. */
  static final int MAX_KEYS = 1_000;

  /** Letters are kept in memory as well: more bytes than this are no accident either. */
  static final long MAX_BYTES = 64_000_000;

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterLog.class);

  private final FileChannel channel;
  private final TreeMap<Long, DeadLetter> letters = new TreeMap<>();
  private final Map<String, TreeSet<Long>> sequencesByKey = new HashMap<>();

  /** Everything below is whole and on the disk. */
  private long end;

  private DeadLetterLog(FileChannel channel, long end) {
    this.channel = channel;
    this.end = end;
  }

  /**
   * Opens a follower's log, or begins one. A torn last entry, which a crash leaves behind, is cut:
   * its letter will be written again. What is cut is kept beside the file, in case it was not torn
   * but damaged. Letters of another journal are put aside.
   */
  static DeadLetterLog open(Path file, String follower, UUID journal, Catalogue catalogue)
      throws IOException {
    DurableFile.Entries content = DurableFile.read(file);
    byte[] owner = journal.toString().getBytes(StandardCharsets.US_ASCII);
    if (!content.entries().isEmpty() && !Arrays.equals(owner, content.entries().get(0))) {
      Path aside = file.resolveSibling(file.getFileName() + ".other-journal");
      LOG.warn("The dead letters in {} are another journal's; they are in {} now", file, aside);
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      content = new DurableFile.Entries(List.of(), 0, 0);
    }
    if (!content.isWhole()) {
      Path aside = file.resolveSibling(file.getFileName() + ".cut");
      LOG.warn(
          "Cut {} torn bytes off {}; they are in {}",
          content.fileBytes() - content.goodBytes(),
          file,
          aside);
      Files.copy(file, aside, StandardCopyOption.REPLACE_EXISTING);
    }
    if (content.entries().isEmpty()) {
      DurableFile.replace(file, List.of(owner));
      content = DurableFile.read(file);
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    DeadLetterLog log = new DeadLetterLog(channel, content.goodBytes());
    try {
      for (byte[] entry : content.entries().subList(1, content.entries().size())) {
        log.keep(LetterCodec.decode(entry, follower, catalogue));
      }
      channel.truncate(content.goodBytes());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    return log;
  }

  /** True if an earlier mutation of the same key is here, so that this one has to follow it. */
  synchronized boolean holds(Mutation mutation) {
    if (sequencesByKey.isEmpty()) {
      return false;
    }
    TreeSet<Long> sequences = sequencesByKey.get(name(mutation));
    return sequences != null && sequences.first() < mutation.sequence();
  }

  /** True if this very mutation is here. */
  synchronized boolean contains(Mutation mutation) {
    return letters.containsKey(mutation.sequence());
  }

  /** True if there are too many for it to be single bad records. */
  synchronized boolean isFull() {
    return sequencesByKey.size() >= MAX_KEYS || isLarge();
  }

  /** True if they take too much memory. */
  synchronized boolean isLarge() {
    return end >= MAX_BYTES;
  }

  /** Writes letters durably; those that are here already are passed over. */
  synchronized void add(List<DeadLetter> fresh) throws IOException {
    List<DeadLetter> added = new ArrayList<>();
    long at = end;
    for (DeadLetter letter : fresh) {
      if (!letters.containsKey(letter.sequence())) {
        ByteBuffer entry = DurableFile.encode(LetterCodec.encode(letter));
        int length = entry.remaining();
        DurableFile.writeFully(channel, entry, at);
        at += length;
        added.add(letter);
      }
    }
    channel.force(true);
    end = at;
    added.forEach(this::keep);
  }

  /** Where the log ends now, for {@link #withdraw}. */
  synchronized long end() {
    return end;
  }

  /** Takes back letters: all those that were added since the log ended there. */
  synchronized void withdraw(long formerEnd, List<DeadLetter> added) throws IOException {
    channel.truncate(formerEnd);
    channel.force(true);
    end = formerEnd;
    for (DeadLetter letter : added) {
      if (letters.remove(letter.sequence()) != null) {
        TreeSet<Long> sequences = sequencesByKey.get(name(letter));
        sequences.remove(letter.sequence());
        if (sequences.isEmpty()) {
          sequencesByKey.remove(name(letter));
        }
      }
    }
  }

  private void keep(DeadLetter letter) {
    letters.put(letter.sequence(), LetterCodec.alone(letter));
    sequencesByKey.computeIfAbsent(name(letter), any -> new TreeSet<>()).add(letter.sequence());
  }

  /** All letters in the order of the journal. */
  synchronized List<DeadLetter> letters() {
    return List.copyOf(letters.values());
  }

  /** The letters of a stretch of the journal. */
  synchronized List<DeadLetter> between(long from, long to) {
    return List.copyOf(letters.subMap(from, to).values());
  }

  synchronized int size() {
    return letters.size();
  }

  private static String name(DeadLetter letter) {
    return letter.row().schema().name() + '/' + letter.row().key();
  }

  private static String name(Mutation mutation) {
    return mutation.collection() + '/' + mutation.key();
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
  }
}
