package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.larder.storage.spi.StorageBackend;

/** A kit that passes everything proves nothing. */
class KitBitesTest {
  private static final String FLAW = "larder.kit.flaw";

  /** Run by the launcher only: its name is none that the build looks for. */
  static final class Flawed extends BackendContract {
    private final MemoryBackend.Memory memory = new MemoryBackend.Memory();

    @Override
    protected StorageBackend open() {
      return new BrokenBackend(memory, BrokenBackend.Flaw.valueOf(System.getProperty(FLAW)));
    }

    @Override
    protected void close(StorageBackend backend) {}
  }

  @Test
  void backendWithoutAFlawPasses() {
    assertThat(run(BrokenBackend.Flaw.NONE).getTestsFailedCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void kitFindsTheFlaw(BrokenBackend.Flaw flaw) {
    assertThat(run(flaw).getTestsFailedCount()).as("tests that found the flaw").isPositive();
  }

  private static TestExecutionSummary run(BrokenBackend.Flaw flaw) {
    System.setProperty(FLAW, flaw.name());
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Flawed.class)).build();
    try {
      LauncherFactory.create().execute(request, listener);
    } finally {
      System.clearProperty(FLAW);
    }
    TestExecutionSummary summary = listener.getSummary();
    assertThat(summary.getTestsFoundCount()).as("the kit ran").isGreaterThan(70);
    assertThat(summary.getTestsSkippedCount()).isZero();
    return summary;
  }
}
