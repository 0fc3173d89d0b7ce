package org.larder.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.larder.journal.internal.NioFiles;

/**
 * The file system as a journal sees it. The default is the machine's; another one can lose power at
 * any point. Safe for any number of threads.
 */
public interface JournalFiles {

  /** How a file is opened. */
  enum Mode {
    /** An existing file, to read. */
    READ,
    /** An existing file, to read and write. */
    WRITE,
    /** A new file, to read and write; fails when it is there. */
    CREATE
  }

  /** Makes the directory and those above it; returns quietly when it is there. */
  void createDirectories(Path directory) throws IOException;

  /** Opens a file. */
  JournalFile open(Path file, Mode mode) throws IOException;

  /** The plain files of the directory in no order; empty when there is no such directory. */
  List<Path> list(Path directory) throws IOException;

  /** Renames atomically, replacing the target. */
  void rename(Path source, Path target) throws IOException;

  /** Deletes a file if it is there. */
  void delete(Path file) throws IOException;

  /** Returns once creations, renames and deletions in the directory are on the disk. */
  void syncDirectory(Path directory) throws IOException;

  /** Takes an exclusive lock on the file, made if need be; empty when somebody has it. */
  Optional<Closeable> lock(Path file) throws IOException;

  /** Whether the error means that the disk, or the quota, has no space left. */
  default boolean isNoSpace(IOException error) {
    String message = String.valueOf(error.getMessage());
    return message.contains("No space left") || message.contains("quota exceeded");
  }

  /** The machine's file system. */
  static JournalFiles system() {
    return NioFiles.INSTANCE;
  }
}
