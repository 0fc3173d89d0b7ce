package org.larder.buffer.internal.migrate;

import java.io.IOException;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus.Phase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one migration goes from phase to phase: noted in the ledger, unless others changed the phase
 * meanwhile, and told in the log. For the migration's thread.
 */
final class Course {
  private static final Logger LOG = LoggerFactory.getLogger(Course.class);

  private final Premises premises;
  private final Ledger ledger;
  private final Gauge gauge;
  private final long id;
  private final MigrationRequest request;

  Course(Premises premises, Ledger ledger, Gauge gauge, MigrationRecord record) {
    this.premises = premises;
    this.ledger = ledger;
    this.gauge = gauge;
    id = record.id();
    request = record.request();
  }

  /** What is noted of it. */
  MigrationRecord record() {
    return ledger.find(id).orElseThrow();
  }

  /** Goes on to the next phase. */
  void become(Phase from, Phase to) throws IOException {
    change(from, record -> record.in(to));
    LOG.info("Migration {} of {}: {}", id, request.collection(), to.wireName());
  }

  /** Changes what is noted, if it still is in that phase. */
  MigrationRecord change(Phase expected, UnaryOperator<MigrationRecord> change) throws IOException {
    return ledger.change(id, record -> record.phase() == expected, change);
  }

  /** Says what is in the way for now. */
  void waits(String code, String message) {
    if (!gauge.code().equals(code)) {
      LOG.warn("Migration {} waits: {} {}", id, code, message);
    }
    gauge.waits(code, message);
  }

  /** Ends as it is to end, with a sentence on how it is now. */
  void end(Phase expected, Phase end, String message) throws IOException {
    end(expected, end, "", message);
  }

  /** Ends without success; says why. */
  void fail(Phase expected, String code, String message) {
    LOG.error("Migration {} of {} has failed: {} {}", id, request.collection(), code, message);
    try {
      end(expected, Phase.FAILED, code, message);
    } catch (IOException e) {
      LOG.error("The failure of migration {} cannot be noted", id, e);
    }
  }

  private void end(Phase expected, Phase end, String code, String message) throws IOException {
    Instant now = premises.clock().instant();
    MigrationRecord ended =
        change(expected, record -> record.counted(gauge).ended(end, now, code, message));
    gauge.waits("", "");
    LOG.info("Migration {} of {}: {}", id, request.collection(), ended.phase().wireName());
  }
}
