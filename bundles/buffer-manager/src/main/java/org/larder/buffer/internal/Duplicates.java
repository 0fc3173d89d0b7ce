package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.larder.storage.model.Mutation;

/**
 * Which unchecked inserts found their key taken, so that their receipts can say so, whoever becomes
 * the primary: the newest ten thousand, on disk before the position of the follower that found out
 * moves past them. Written by the followers' threads, which find the same; looked at by any.
 *
 * <p>The file is a {@link DurableFile}: the journal's id, then for each insert its sequence (eight
 * bytes, big-endian) and its key. A torn end is the work of a crash: those are found once more.
 */
final class Duplicates {
  private static final int MOST = 10_000;

  private final Path file;
  private final byte[] owner;
  private final TreeMap<Long, String> keys = new TreeMap<>();
  private final List<byte[]> fresh = new ArrayList<>();
  private long end;

  /** How many the file has, also those that are forgotten. */
  private int inFile;

  private Duplicates(Path file, byte[] owner) {
    this.file = file;
    this.owner = owner;
  }

  /** Opens the node's file; it is begun with the first duplicate. */
  static Duplicates open(Path file, UUID journal) throws IOException {
    Duplicates opened =
        new Duplicates(file, journal.toString().getBytes(StandardCharsets.US_ASCII));
    DurableFile.Entries content = DurableFile.read(file);
    List<byte[]> entries = content.entries();
    if (!entries.isEmpty() && Arrays.equals(entries.get(0), opened.owner)) {
      entries.subList(1, entries.size()).forEach(opened::take);
      opened.end = content.goodBytes();
      opened.inFile = entries.size() - 1;
    }
    return opened;
  }

  private void take(byte[] entry) {
    ByteBuffer bytes = ByteBuffer.wrap(entry);
    long sequence = bytes.getLong();
    keys.put(sequence, StandardCharsets.UTF_8.decode(bytes).toString());
    if (keys.size() > MOST) {
      keys.pollFirstEntry();
    }
  }

  private static byte[] entry(long sequence, String key) {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + name.length).putLong(sequence).put(name).array();
  }

  /** Takes one in that is to be kept; one that is here already is passed over. */
  synchronized void note(Mutation insert) {
    if (!keys.containsKey(insert.sequence())) {
      byte[] entry = entry(insert.sequence(), insert.key());
      take(entry);
      fresh.add(entry);
    }
  }

  /** Puts on the disk what was taken in. */
  synchronized void keep() throws IOException {
    if (fresh.isEmpty()) {
      return;
    }
    if (end == 0 || inFile + fresh.size() > 2 * MOST) {
      List<byte[]> all = new ArrayList<>(List.of(owner));
      keys.forEach((sequence, key) -> all.add(entry(sequence, key)));
      // If this fails there may be either file: the next attempt replaces it again.
      end = 0;
      DurableFile.replace(file, all);
      end = file.toFile().length();
      inFile = keys.size();
    } else {
      append();
    }
    fresh.clear();
  }

  private void append() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long at = end;
      for (byte[] entry : fresh) {
        ByteBuffer encoded = DurableFile.encode(entry);
        int length = encoded.remaining();
        DurableFile.writeFully(channel, encoded, at);
        at += length;
      }
      channel.force(true);
      end = at;
      inFile += fresh.size();
    }
  }

  /** Keys of the duplicates in a stretch of the journal. */
  synchronized List<String> between(long from, long to) {
    return List.copyOf(keys.subMap(from, to).values());
  }
}
