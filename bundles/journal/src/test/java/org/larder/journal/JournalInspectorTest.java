package org.larder.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.journal.Payloads.append;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalInspectorTest {
  @TempDir Path directory;

  private JournalOptions options() {
    return JournalOptions.of(directory, 512 << 10).withSegmentBytes(16 << 10);
  }

  @Test
  void verifyingChangesNothingAndSaysWhatAnOpeningWould() throws Exception {
    try (Journal journal = Journal.open(options())) {
      append(journal, 0, 20, 1000);
    }
    assertThat(JournalInspector.verify(directory).clean()).isTrue();
    Directories.flip(Directories.segment(directory, 1), 9000);
    RecoveryReport first = JournalInspector.verify(directory);
    RecoveryReport second = JournalInspector.verify(directory);
    assertThat(second.findings()).isEqualTo(first.findings()).hasSize(1);
    assertThat(first.epoch()).isEqualTo(1);
    assertThat(first.endSequence()).isEqualTo(20);
    assertThat(Directories.quarantined(directory)).isEmpty();
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.recovery().findings()).isEqualTo(first.findings());
    }
  }

  @Test
  void inspectingShowsSegmentsGroupsFramesAndDamage() throws Exception {
    try (Journal journal = Journal.open(options())) {
      journal.retain("primary", 0);
      append(journal, 0, 10, 1000);
    }
    Directories.flip(Directories.segment(directory, 1), 9000);
    List<String> lines = new ArrayList<>();
    JournalInspector.inspect(directory, lines::add);
    // The third is made in the background, and need not be there when the journal is closed.
    assertThat(lines).filteredOn(line -> line.startsWith("segment")).hasSizeBetween(2, 3);
    assertThat(lines).filteredOn(line -> line.startsWith("  group")).hasSize(10);
    assertThat(lines).filteredOn(line -> line.startsWith("    frame")).hasSize(9);
    assertThat(lines).filteredOn(line -> line.startsWith("  damage")).hasSize(1);
    assertThat(lines).contains("epoch 1 0", "closed 10", "reader primary from 0");
    assertThat(lines)
        .contains("    frame at 4160 lane 0 sequence 0 count 1 kind 1 schema 1, 1000 bytes");
  }

  @Test
  void directoryWithoutAJournalIsAnEmptyOne() throws Exception {
    assertThat(JournalInspector.verify(directory).clean()).isTrue();
    List<String> lines = new ArrayList<>();
    JournalInspector.inspect(directory, lines::add);
    assertThat(lines).containsExactly("journal without an id");
  }
}
