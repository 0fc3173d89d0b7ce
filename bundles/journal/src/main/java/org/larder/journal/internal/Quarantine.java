package org.larder.journal.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.larder.journal.JournalFile;
import org.larder.journal.JournalFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies damaged bytes aside, for whoever wants to look at them. One thread at a time. */
final class Quarantine {
  private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
  private static final String FOLDER = "quarantine";
  private static final int COPY_BYTES = 1 << 20;

  private final JournalFiles files;
  private final Path folder;

  Quarantine(JournalFiles files, Path directory) {
    this.files = files;
    this.folder = directory.resolve(FOLDER);
  }

  /**
   * Copies the bytes unless it was done before. A failure is logged and holds nothing up.
   *
   * @return whether there is a copy
   */
  boolean copy(Path damaged, long from, long to) {
    try {
      files.createDirectories(folder);
      String name = damaged.getFileName() + "." + from + "-" + to + ".bytes";
      Path target = folder.resolve(name);
      if (!files.list(folder).contains(target)) {
        copy(damaged, from, to, target);
      }
      return true;
    } catch (IOException e) {
      LOG.warn("{} damaged bytes of {} could not be copied to {}", to - from, damaged, folder, e);
      return false;
    }
  }

  private void copy(Path damaged, long from, long to, Path target) throws IOException {
    Path unfinished = folder.resolve(target.getFileName() + Layout.UNFINISHED);
    files.delete(unfinished);
    try (JournalFile source = files.open(damaged, JournalFiles.Mode.READ);
        JournalFile copy = files.open(unfinished, JournalFiles.Mode.CREATE)) {
      ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
      long at = from;
      while (at < to) {
        buffer.clear().limit((int) Math.min(COPY_BYTES, to - at));
        if (source.read(buffer, at) < 0) {
          break;
        }
        buffer.flip();
        int read = buffer.remaining();
        copy.write(buffer, at - from);
        at += read;
      }
      copy.force(true);
    }
    files.rename(unfinished, target);
    files.syncDirectory(folder);
  }
}
