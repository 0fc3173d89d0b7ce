package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Small files that survive a loss of power. A file is a row of entries, each a length, a CRC-32C
 * (four bytes each, big-endian) and the bytes.
 */
public final class DurableFile {
  private static final int HEADER_BYTES = 8;

  private DurableFile() {}

  /** What a file holds: its good entries, and how many bytes they take. */
  public record Entries(List<byte[]> entries, long goodBytes, long fileBytes) {
    /** True if nothing in it is damaged. */
    public boolean isWhole() {
      return goodBytes == fileBytes;
    }
  }

  /** Reads the entries up to the first that is damaged; none if there is no file. */
  public static Entries read(Path file) throws IOException {
    List<byte[]> entries = new ArrayList<>();
    if (!Files.exists(file)) {
      return new Entries(entries, 0, 0);
    }
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
    long good = 0;
    while (content.remaining() >= HEADER_BYTES) {
      int length = content.getInt();
      int expected = content.getInt();
      if (length < 0 || length > content.remaining()) {
        break;
      }
      byte[] entry = new byte[length];
      content.get(entry);
      if (checksum(entry) != expected) {
        break;
      }
      entries.add(entry);
      good = content.position();
    }
    return new Entries(entries, good, content.limit());
  }

  /**
   * Reads a file of which nothing may be missing; no entries if there is none.
   *
   * @param what the file is, for a person
   * @param cure what to do if it is damaged
   * @throws IOException if the file cannot be read or is damaged
   */
  public static List<byte[]> readWhole(Path file, String what, String cure) throws IOException {
    Entries content = read(file);
    if (!content.isWhole()) {
      throw new IOException(what + " is damaged: " + file + "; " + cure);
    }
    return content.entries();
  }

  /** Puts a file with these entries in the place of the old one, at once. */
  public static void replace(Path file, List<byte[]> entries) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      long at = 0;
      for (byte[] entry : entries) {
        ByteBuffer encoded = encode(entry);
        int length = encoded.remaining();
        writeFully(channel, encoded, at);
        at += length;
      }
      channel.force(true);
    }
    rename(fresh, file);
  }

  /** Puts a file that was written in the place of another, at once, and makes it durable. */
  static void moveInto(Path fresh, Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    rename(fresh, file);
  }

  private static void rename(Path fresh, Path file) throws IOException {
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceDirectory(file.getParent());
  }

  /** The bytes of one entry. */
  static ByteBuffer encode(byte[] entry) {
    ByteBuffer encoded = ByteBuffer.allocate(HEADER_BYTES + entry.length);
    return encoded.putInt(entry.length).putInt(checksum(entry)).put(entry).flip();
  }

  /** Writes all bytes at that place of the file. */
  static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static int checksum(byte[] entry) {
    CRC32C crc = new CRC32C();
    crc.update(entry);
    return (int) crc.getValue();
  }
}
