package org.larder.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What tests do to the files of a journal behind its back. */
final class Directories {
  private Directories() {}

  /**
   * Copies the files as a killed process leaves them. A file that is being made gets its name
   * meanwhile; the copy is of the moment before, without it.
   */
  static void copy(Path source, Path target) throws IOException {
    Files.createDirectories(target);
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.toString().endsWith(".lock")) {
          copyFile(file, target.resolve(file.getFileName()));
        }
      }
    }
  }

  private static void copyFile(Path file, Path target) throws IOException {
    try {
      Files.copy(file, target);
    } catch (NoSuchFileException e) {
      if (!file.toString().endsWith(".new")) {
        throw e;
      }
    }
  }

  static Path segment(Path directory, int number) {
    return directory.resolve(String.format("%016d.segment", number));
  }

  static void overwrite(Path file, long offset, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), offset);
    }
  }

  static void zero(Path file, long from, long to) throws IOException {
    overwrite(file, from, new byte[(int) (to - from)]);
  }

  static void flip(Path file, long offset) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    overwrite(file, offset, new byte[] {(byte) (bytes[(int) offset] ^ 4)});
  }

  static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  /** Where the payload lies in the file; it is there once. */
  static long offsetOf(Path file, byte[] payload) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int at = 0; at + payload.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + payload.length, payload, 0, payload.length)) {
        return at;
      }
    }
    throw new IOException("not there");
  }

  static List<Path> quarantined(Path directory) throws IOException {
    Path folder = directory.resolve("quarantine");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
