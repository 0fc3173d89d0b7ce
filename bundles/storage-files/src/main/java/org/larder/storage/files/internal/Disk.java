package org.larder.storage.files.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The steps by which an object becomes durable, for any thread: its content is written and forced,
 * then it takes its name, then the folder of the name is forced.
 */
interface Disk {
  /** The system's. */
  Disk SYSTEM =
      new Disk() {
        @Override
        public void write(FileChannel file, ByteBuffer bytes) throws IOException {
          while (bytes.hasRemaining()) {
            file.write(bytes);
          }
        }

        @Override
        public void force(FileChannel file) throws IOException {
          file.force(true);
        }

        @Override
        public void rename(Path file, Path target) throws IOException {
          Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void forceFolder(Path folder) throws IOException {
          try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
          } catch (NoSuchFileException e) {
            Path parent = folder.getParent();
            if (parent != null) {
              forceFolder(parent);
            }
          }
        }
      };

  /** Writes all of the bytes to where the file ends so far. */
  void write(FileChannel file, ByteBuffer bytes) throws IOException;

  /** Makes content and attributes of a file durable. */
  void force(FileChannel file) throws IOException;

  /**
   * Gives a file another name, in the place of the file that may have it; at once or not at all.
   */
  void rename(Path file, Path target) throws IOException;

  /** Makes durable what was renamed or removed in a folder; one that is gone needs nothing. */
  void forceFolder(Path folder) throws IOException;
}
