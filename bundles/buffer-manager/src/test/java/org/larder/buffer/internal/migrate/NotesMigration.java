package org.larder.buffer.internal.migrate;

import java.time.Instant;
import java.util.Optional;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus.Comparison;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Route;

/** A migration of the notes from main to copy, as the ledger has it. */
final class NotesMigration {
  private NotesMigration() {}

  static MigrationRecord in(Phase phase, Phase goal, long id, long total) {
    return new MigrationRecord(
        id,
        new MigrationRequest("notes", "main", "copy", MigrationRequest.End.AUTOMATIC),
        Route.of(Route.ALL, "main"),
        phase == Phase.DONE,
        phase,
        goal,
        Instant.EPOCH,
        Optional.of(Instant.EPOCH).filter(at -> phase.isEnd()),
        total,
        0,
        0,
        Comparison.NONE,
        "",
        "");
  }
}
