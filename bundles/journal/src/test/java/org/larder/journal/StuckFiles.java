package org.larder.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** The machine's files with a force that can be held up. */
final class StuckFiles implements JournalFiles {
  private final JournalFiles files = JournalFiles.system();
  private final Semaphore mayForce = new Semaphore(1);

  void hold() {
    mayForce.acquireUninterruptibly();
  }

  void letGo() {
    mayForce.release();
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    files.createDirectories(directory);
  }

  @Override
  public JournalFile open(Path file, Mode mode) throws IOException {
    JournalFile opened = files.open(file, mode);
    return new JournalFile() {
      @Override
      public int read(ByteBuffer target, long position) throws IOException {
        return opened.read(target, position);
      }

      @Override
      public void write(ByteBuffer source, long position) throws IOException {
        opened.write(source, position);
      }

      @Override
      public void force(boolean metadata) throws IOException {
        mayForce.acquireUninterruptibly();
        try {
          opened.force(metadata);
        } finally {
          mayForce.release();
        }
      }

      @Override
      public long size() throws IOException {
        return opened.size();
      }

      @Override
      public void truncate(long size) throws IOException {
        opened.truncate(size);
      }

      @Override
      public void close() throws IOException {
        opened.close();
      }
    };
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return files.list(directory);
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    files.rename(source, target);
  }

  @Override
  public void delete(Path file) throws IOException {
    files.delete(file);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    files.syncDirectory(directory);
  }

  @Override
  public Optional<Closeable> lock(Path file) throws IOException {
    return files.lock(file);
  }
}
