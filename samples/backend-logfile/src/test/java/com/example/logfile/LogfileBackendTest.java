package com.example.logfile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageBackend;
import org.larder.tck.BackendContract;
import org.larder.tck.BundleUnderTest;
import org.larder.tck.Offer;
import org.larder.tck.OtherProcess;
import org.larder.tck.TestStore;

class LogfileBackendTest extends BackendContract {
  @TempDir Path folder;

  private static Map<String, Object> settings(String file) {
    return Map.of(StorageBackend.NAME, "logfile", "file", file);
  }

  @Override
  protected StorageBackend open() throws IOException {
    return new LogfileBackend(settings(folder.resolve("records.log").toString()));
  }

  @Override
  protected void close(StorageBackend backend) {
    ((LogfileBackend) backend).close();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.INSERT_IF_ABSENT);
  }

  @Override
  public Offer<OtherProcess> otherProcess() {
    return Offer.of(new OtherProcess(Elsewhere.class, folder.resolve("records.log").toString()));
  }

  static class Elsewhere implements OtherProcess.Factory {
    @Override
    public StorageBackend open(String place) throws IOException {
      return new LogfileBackend(settings(place));
    }
  }

  @Override
  public Offer<BundleUnderTest> bundle() {
    return Offer.of(
        BundleUnderTest.of(LogfileBackend.class, "larder.storage.logfile")
            .with(StorageBackend.NAME, "logfile")
            .with("file", folder.resolve("records.log").toString()));
  }

  @Override
  public Offer<FailingOpener> failing() {
    return Offer.declined("The example writes to its file directly; nothing can come between.");
  }

  @Override
  public Offer<TestStore.Opener> small() {
    return Offer.declined("The example has no bound of its own; a small disk is not at hand.");
  }
}
