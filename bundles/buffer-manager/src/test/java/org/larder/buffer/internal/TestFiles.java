package org.larder.buffer.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.larder.journal.JournalFile;
import org.larder.journal.JournalFiles;

/**
 * The machine's files with forces that cost nothing, and that can be held up or fail. Free for any
 * thread.
 */
final class TestFiles implements JournalFiles {
  private final JournalFiles files = JournalFiles.system();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile IOException failure;
  private volatile IOException closeFailure;
  private volatile IOException renameFailure;
  private volatile Error broken;
  private volatile String breaking;

  /** From now on no force returns. */
  void holdForces() {
    gate = new CountDownLatch(1);
  }

  void releaseForces() {
    gate.countDown();
  }

  /** Every force fails, until null. */
  void failForces(IOException cause) {
    failure = cause;
  }

  /** Every file that would take the place of another fails to, until null. */
  void failRenames(IOException cause) {
    renameFailure = cause;
  }

  /** Every close of a file that is read fails, when it has taken effect; until null. */
  void failCloses(IOException cause) {
    closeFailure = cause;
  }

  /** The next close of a file that is read, by a thread of that name, ends with an error. */
  void breakNextClose(String thread, Error error) {
    broken = error;
    breaking = thread;
  }

  /** True if that is still to come. */
  boolean isCloseToBreak() {
    return breaking != null;
  }

  private void breakIfTold() {
    if (Thread.currentThread().getName().equals(breaking)) {
      breaking = null;
      throw broken;
    }
  }

  private static void throwIfAny(IOException cause) throws IOException {
    if (cause != null) {
      throw new IOException(cause.getMessage(), cause);
    }
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    files.createDirectories(directory);
  }

  @Override
  public JournalFile open(Path file, Mode mode) throws IOException {
    return new TestFile(files.open(file, mode), file.getFileName().toString(), mode);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return files.list(directory);
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    throwIfAny(renameFailure);
    files.rename(source, target);
  }

  @Override
  public void delete(Path file) throws IOException {
    files.delete(file);
  }

  @Override
  public void syncDirectory(Path directory) {
    // the machine does not lose power here
  }

  @Override
  public Optional<Closeable> lock(Path file) throws IOException {
    return files.lock(file);
  }

  private final class TestFile implements JournalFile {
    private final JournalFile file;
    private final String name;
    private final Mode mode;

    TestFile(JournalFile file, String name, Mode mode) {
      this.file = file;
      this.name = name;
      this.mode = mode;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      file.write(source, position);
    }

    @Override
    public void force(boolean metadata) throws IOException {
      if (!Thread.currentThread().getName().equals("journal-committer")) {
        return;
      }
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IOException("interrupted in a force of " + name, e);
      }
      throwIfAny(failure);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void close() throws IOException {
      file.close();
      if (mode == Mode.READ) {
        breakIfTold();
        throwIfAny(closeFailure);
      }
    }
  }
}
