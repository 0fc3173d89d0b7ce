package org.larder.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.larder.storage.spi.StorageBackend;
import org.larder.tck.report.ReportExtension;

/** A bundle that does not come and go as it should is found, inside Felix. */
class BundleKitBitesTest {
  @TempDir private Path folder;

  @ExtendWith(ReportExtension.class)
  static final class FlawedBundle implements BundleContract {
    @TempDir private Path folder;

    private TestStore store;

    @BeforeEach
    void begin() {
      store =
          new TestStore(
              () -> {
                throw new AssertionError("Nothing opens the store but the bundle");
              },
              backend -> {});
    }

    @AfterEach
    void end() throws Exception {
      store.close();
    }

    @Override
    public TestStore store() {
      return store;
    }

    @Override
    public Offer<BundleUnderTest> bundle() {
      BundleFlaw flaw = FlawedKit.flaw(BundleFlaw.class);
      try {
        return Offer.of(
            BundleUnderTest.of(BundleJar.make(folder.resolve("flawed.jar"), flaw), BundleJar.PID)
                .with(StorageBackend.NAME, "flawed")
                .with("file", folder.resolve("rows").toString())
                .with("flaw", flaw.name()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void kitFindsJustTheFlaw(BundleFlaw flaw) throws IOException {
    new FlawedKit(folder).failsJust(FlawedBundle.class, flaw, flaw.tests());
  }
}
