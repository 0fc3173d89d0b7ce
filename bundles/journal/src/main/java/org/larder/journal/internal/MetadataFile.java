package org.larder.journal.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.larder.journal.JournalFile;
import org.larder.journal.JournalFiles;

/**
 * A small text file beside the segments, replaced whole: written under another name, forced,
 * renamed, the directory synced. Its last line is the CRC32C of those before. One thread writes at
 * a time.
 */
final class MetadataFile {
  private static final int FORMAT = 1;
  private static final String TRAILER = "crc32c ";
  private static final int TRAILER_BYTES = TRAILER.length() + 9;

  private final JournalFiles files;
  private final Path file;
  private final String title;

  MetadataFile(JournalFiles files, Path directory, String name) {
    this.files = files;
    this.file = directory.resolve(name);
    this.title = "larder-journal " + name + " " + FORMAT;
  }

  Path file() {
    return file;
  }

  boolean exists() throws IOException {
    return files.list(file.getParent()).contains(file);
  }

  /** The lines between the title and the trailer; empty when there is no whole file. */
  Optional<List<String>> read() throws IOException {
    if (!exists()) {
      return Optional.empty();
    }
    ByteBuffer bytes;
    try (JournalFile opened = files.open(file, JournalFiles.Mode.READ)) {
      bytes = ByteBuffer.allocate((int) opened.size());
      while (bytes.hasRemaining() && opened.read(bytes, bytes.position()) >= 0) {
        // reads until the buffer is full or the file ends
      }
    }
    int body = bytes.position() - TRAILER_BYTES;
    if (body < 0) {
      return Optional.empty();
    }
    String text = new String(bytes.array(), 0, body, StandardCharsets.UTF_8);
    String trailer = new String(bytes.array(), body, TRAILER_BYTES, StandardCharsets.UTF_8);
    List<String> lines = text.lines().toList();
    if (!trailer.equals(trailer(text)) || lines.isEmpty() || !lines.get(0).equals(title)) {
      return Optional.empty();
    }
    return Optional.of(lines.subList(1, lines.size()));
  }

  void write(List<String> lines) throws IOException {
    StringBuilder text = new StringBuilder(title).append('\n');
    lines.forEach(line -> text.append(line).append('\n'));
    text.append(trailer(text.toString()));
    Path unfinished = file.resolveSibling(file.getFileName() + Layout.UNFINISHED);
    files.delete(unfinished);
    try (JournalFile made = files.open(unfinished, JournalFiles.Mode.CREATE)) {
      made.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)), 0);
      made.force(true);
    }
    files.rename(unfinished, file);
    files.syncDirectory(file.getParent());
  }

  private static String trailer(String text) {
    CRC32C checksum = new CRC32C();
    checksum.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format("%s%08x%n", TRAILER, checksum.getValue()).replace("\r\n", "\n");
  }
}
