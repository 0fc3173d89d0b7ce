package org.larder.journal;

import static org.larder.journal.Payloads.PATIENCE;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Makes the journal whose files are checked in under {@code golden/}: always the same bytes. */
final class GoldenJournal {
  static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
  static final List<String> FILES =
      List.of(
          "0000000000000001.segment",
          "0000000000000002.segment",
          "journal.id",
          "epochs",
          "readers",
          "losses");

  private static final Path DIRECTORY = Path.of("golden");

  private GoldenJournal() {}

  static NewFrame frame(int kind, boolean atomic, int count, int schema, String payload) {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    return NewFrame.of((byte) kind, atomic, count, schema, bytes);
  }

  /**
   * Two frames in a group, one in another, one whose force fails, and one in the segment opened for
   * that reason.
   */
  static Map<String, byte[]> make() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(0);
    JournalOptions options =
        JournalOptions.of(DIRECTORY, 64 << 10)
            .withSegmentBytes(8 << 10)
            .withRetryInterval(Duration.ofMillis(1))
            .withIdentity(() -> ID)
            .withFiles(disk);
    try (Journal journal = Journal.open(options)) {
      journal.retain("primary", 0);
      journal
          .append(0, List.of(frame(1, false, 2, 3, "first"), frame(2, true, 1, 3, "zweiter ✓")))
          .awaitSynced(PATIENCE);
      journal.append(0, List.of(frame(1, false, 1, 4, ""))).awaitSynced(PATIENCE);
      journal.retain("primary", 3);
      disk.failNextForceOf(Directories.segment(DIRECTORY, 1));
      awaitFailure(journal.append(0, List.of(frame(1, false, 1, 4, "not durable"))));
      journal.append(0, List.of(frame(1, false, 1, 4, "after"))).awaitSynced(PATIENCE);
    }
    Map<String, byte[]> files = new TreeMap<>();
    for (String name : FILES) {
      files.put(name, disk.bytes(DIRECTORY.resolve(name)));
    }
    return files;
  }

  private static void awaitFailure(Append append) throws Exception {
    try {
      append.awaitSynced(PATIENCE);
    } catch (JournalFailedException e) {
      return;
    }
    throw new IOException("the force was to fail");
  }
}
