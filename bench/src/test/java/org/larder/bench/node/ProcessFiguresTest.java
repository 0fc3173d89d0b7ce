package org.larder.bench.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessFiguresTest {
  @Test
  void processorTimeIsFoundBehindANameWithBlanksAndBrackets() {
    String stat = "4711 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 30 0 100 1 2";
    assertThat(ProcessFigures.cpuMicros(stat)).isEqualTo(3_000_000);
  }

  @Test
  void residentMemoryIsInKibibytes() {
    assertThat(ProcessFigures.residentBytes(List.of("VmPeak:\t 9 kB", "VmRSS:\t  2048 kB")))
        .isEqualTo(2_097_152);
  }
}
