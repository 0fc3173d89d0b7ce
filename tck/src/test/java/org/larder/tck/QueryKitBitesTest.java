package org.larder.tck;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.larder.tck.report.ReportExtension;

/** What is wrong with answers to questions is found by the tests about just that. */
class QueryKitBitesTest {
  @TempDir private Path folder;

  /** The parts of the contract that read, on a backend that answers questions itself. */
  @ExtendWith(ReportExtension.class)
  static final class FlawedAnswers
      implements FilterContract, PageContract, AggregateContract, ScanContract {
    private TestStore store;

    @BeforeEach
    void begin() {
      MemoryBackend.Memory memory = new MemoryBackend.Memory();
      store =
          new TestStore(
              () -> new AskedBackend(memory, FlawedKit.flaw(QueryFlaw.class)), backend -> {});
    }

    @AfterEach
    void end() throws Exception {
      store.close();
    }

    @Override
    public TestStore store() {
      return store;
    }
  }

  @ParameterizedTest
  @EnumSource
  void kitFindsJustTheFlaw(QueryFlaw flaw) throws IOException {
    new FlawedKit(folder).failsJust(FlawedAnswers.class, flaw, flaw.tests());
  }
}
