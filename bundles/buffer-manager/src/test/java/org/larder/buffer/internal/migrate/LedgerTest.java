package org.larder.buffer.internal.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus.Comparison;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Route;
import org.larder.buffer.internal.DurableFile;

/** What is noted of a migration comes back as it was, or not at all. */
class LedgerTest {
  @TempDir Path data;

  private static MigrationRecord record(long id) {
    return new MigrationRecord(
        id,
        new MigrationRequest("notes", "main", "copy", MigrationRequest.End.PRIMARY),
        new Route(Route.ALL, "main", List.of("archive", "copy"), Optional.of("copy")),
        true,
        Phase.VERIFYING,
        Phase.ROLLED_BACK,
        Instant.ofEpochMilli(1_000),
        Optional.of(Instant.ofEpochMilli(2_000)),
        30,
        20,
        10,
        new Comparison(3, "abc", Duration.ofNanos(7), Duration.ofNanos(5)),
        "BACKEND_AWAY",
        "It is away");
  }

  @Test
  void mirrorsOfTheRouteBeforeComeBack() throws IOException {
    Path file = data.resolve("migrations");
    MigrationRecord noted = Ledger.open(file).begin(LedgerTest::record);
    assertThat(Ledger.open(file).list()).containsExactly(noted);
  }

  @Test
  void messageOfAnyLengthIsNoted() throws IOException {
    Path file = data.resolve("migrations");
    Ledger ledger = Ledger.open(file);
    ledger.begin(LedgerTest::record);
    String message = "because " + "\uD83E\uDDC0".repeat(50_000);
    ledger.change(
        1,
        record -> true,
        record -> record.ended(Phase.FAILED, Instant.EPOCH, "VERIFICATION_FAILED", message));
    assertThat(Ledger.open(file).find(1).orElseThrow().message())
        .hasSize(3_999)
        .startsWith("because \uD83E\uDDC0")
        .endsWith("\uDDC0…");
  }

  @Test
  void anotherFormatIsRefusedWithWhatToDo() throws IOException {
    Path file = data.resolve("migrations");
    byte[] entry = record(1).encode();
    entry[0] = 1;
    DurableFile.replace(file, List.of(entry));
    assertThatThrownBy(() -> Ledger.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(file.toString(), "format 1", "reads 2", "move it away");
  }
}
