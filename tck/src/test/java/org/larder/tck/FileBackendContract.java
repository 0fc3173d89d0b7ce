package org.larder.tck;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.spi.StorageBackend;

/** Offers the kit all that it can try on a file. */
abstract class FileBackendContract extends BackendContract {
  private static final int SMALL_BYTES = 3_000_000;

  @TempDir private Path folder;

  abstract StorageBackend over(FileBackend.Disk disk, Path file);

  Path file() {
    return folder.resolve("rows");
  }

  @Override
  protected StorageBackend open() {
    return over(FileBackend::append, file());
  }

  @Override
  protected void close(StorageBackend backend) {}

  @Override
  public Offer<FailingOpener> failing() {
    return Offer.of(
        nth -> {
          AtomicInteger accesses = new AtomicInteger();
          return over(
              (file, offset, bytes) -> {
                boolean fails = accesses.incrementAndGet() == nth;
                FileBackend.append(
                    file, offset, fails ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
                if (fails) {
                  throw new IOException("Access " + nth + " fails");
                }
              },
              file());
        });
  }

  @Override
  public Offer<TestStore.Opener> small() {
    return Offer.of(
        () ->
            over(
                (file, offset, bytes) -> {
                  if (offset + bytes.length > SMALL_BYTES) {
                    throw new IOException("No space left on device");
                  }
                  FileBackend.append(file, offset, bytes);
                },
                file()));
  }

  @Override
  public Offer<BundleUnderTest> bundle() {
    return Offer.declined("The backend is no bundle.");
  }
}
