package org.larder.buffer.internal.migrate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Comparison;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Route;

/**
 * What is kept of a migration.
 *
 * @param id its number
 * @param request what was asked
 * @param before the route that held before it: the collection's own, or that of all
 * @param cutOver true if the target shall become the primary
 * @param phase how far it is
 * @param goal where a rolling back ends
 * @param startedAt when it began
 * @param endedAt when it ended
 * @param total records at the beginning
 * @param copied records copied
 * @param verified records compared
 * @param comparison what was compared
 * @param code why it failed
 * @param message why it failed, or how it ended; what is beyond 4,000 characters is cut
 */
record MigrationRecord(
    long id,
    MigrationRequest request,
    Route before,
    boolean cutOver,
    Phase phase,
    Phase goal,
    Instant startedAt,
    Optional<Instant> endedAt,
    long total,
    long copied,
    long verified,
    Comparison comparison,
    String code,
    String message) {
  private static final byte FORMAT = 2;

  /** A backend's sentence may be of any length; 64 KiB cannot be encoded. */
  private static final int LONGEST_MESSAGE = 4_000;

  MigrationRecord {
    message = cut(message);
  }

  private static String cut(String sentence) {
    if (sentence.length() <= LONGEST_MESSAGE) {
      return sentence;
    }
    int last = LONGEST_MESSAGE - 1;
    // Never between the two halves of a character.
    int end = Character.isHighSurrogate(sentence.charAt(last - 1)) ? last - 1 : last;
    return sentence.substring(0, end) + "…";
  }

  /** The same in another phase. */
  MigrationRecord in(Phase next) {
    return now(next, goal, endedAt, code, message);
  }

  /** The same, on its way back. */
  MigrationRecord backTo(Phase end) {
    return now(Phase.ROLLING_BACK, end, Optional.empty(), "", "");
  }

  /** The same, ended. */
  MigrationRecord ended(Phase end, Instant at, String why, String sentence) {
    return now(end, goal, Optional.of(at), why, sentence);
  }

  private MigrationRecord now(
      Phase nowIn, Phase nowTo, Optional<Instant> nowEnded, String why, String sentence) {
    return new MigrationRecord(
        id,
        request,
        before,
        cutOver,
        nowIn,
        nowTo,
        startedAt,
        nowEnded,
        total,
        copied,
        verified,
        comparison,
        why,
        sentence);
  }

  /** The same with other figures. */
  MigrationRecord with(long nowCopied, long nowVerified, Comparison found) {
    return new MigrationRecord(
        id,
        request,
        before,
        cutOver,
        phase,
        goal,
        startedAt,
        endedAt,
        total,
        nowCopied,
        nowVerified,
        found,
        code,
        message);
  }

  /** The same with what is copied by now: that is noted every few seconds only. */
  MigrationRecord counted(Gauge gauge) {
    return with(copied(gauge), verified, comparison);
  }

  private long copied(Gauge gauge) {
    return phase == Phase.BACKFILLING ? Math.max(copied, gauge.counted()) : copied;
  }

  /** How it is while it does not run. */
  MigrationStatus status(boolean reversible) {
    return new MigrationStatus(
        id,
        request,
        phase,
        startedAt,
        endedAt,
        total,
        copied,
        verified,
        0,
        Optional.empty(),
        comparison,
        code,
        message,
        reversible);
  }

  /** How it is while it runs. */
  MigrationStatus status(boolean reversible, Gauge gauge) {
    boolean counts = phase == Phase.BACKFILLING || phase == Phase.VERIFYING;
    return new MigrationStatus(
        id,
        request,
        phase,
        startedAt,
        endedAt,
        total,
        copied(gauge),
        gauge.verified(),
        counts ? gauge.perSecond() : 0,
        counts ? gauge.remaining() : Optional.empty(),
        gauge.comparison(),
        gauge.code(),
        gauge.message(),
        reversible);
  }

  /** As bytes. */
  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeLong(id);
      out.writeUTF(request.collection());
      out.writeUTF(request.from());
      out.writeUTF(request.to());
      out.writeUTF(request.end().name());
      write(before, out);
      out.writeBoolean(cutOver);
      out.writeUTF(phase.name());
      out.writeUTF(goal.name());
      out.writeLong(startedAt.toEpochMilli());
      out.writeLong(endedAt.map(Instant::toEpochMilli).orElse(-1L));
      out.writeLong(total);
      out.writeLong(copied);
      out.writeLong(verified);
      out.writeLong(comparison.ranges());
      out.writeUTF(comparison.digest());
      out.writeLong(comparison.took().toNanos());
      out.writeLong(comparison.held().toNanos());
      out.writeUTF(code);
      out.writeUTF(message);
    } catch (IOException e) {
      throw new IllegalStateException("A migration cannot be encoded: " + this, e);
    }
    return bytes.toByteArray();
  }

  private static void write(Route route, DataOutputStream out) throws IOException {
    out.writeUTF(route.collection());
    out.writeUTF(route.primary());
    out.writeInt(route.mirrors().size());
    for (String mirror : route.mirrors()) {
      out.writeUTF(mirror);
    }
    out.writeUTF(route.readFrom().orElse(""));
  }

  /**
   * What {@link #encode} made.
   *
   * @throws IOException if the bytes are not that
   */
  static MigrationRecord decode(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte format = in.readByte();
      if (format != FORMAT) {
        throw new IOException("It is of format " + format + ", but this release reads " + FORMAT);
      }
      long id = in.readLong();
      MigrationRequest request =
          new MigrationRequest(
              in.readUTF(), in.readUTF(), in.readUTF(), MigrationRequest.End.valueOf(in.readUTF()));
      return new MigrationRecord(
          id,
          request,
          route(in),
          in.readBoolean(),
          Phase.valueOf(in.readUTF()),
          Phase.valueOf(in.readUTF()),
          Instant.ofEpochMilli(in.readLong()),
          Optional.of(in.readLong()).filter(at -> at >= 0).map(Instant::ofEpochMilli),
          in.readLong(),
          in.readLong(),
          in.readLong(),
          new Comparison(
              in.readLong(),
              in.readUTF(),
              Duration.ofNanos(in.readLong()),
              Duration.ofNanos(in.readLong())),
          in.readUTF(),
          in.readUTF());
    }
  }

  private static Route route(DataInputStream in) throws IOException {
    String collection = in.readUTF();
    String primary = in.readUTF();
    int count = in.readInt();
    List<String> mirrors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      mirrors.add(in.readUTF());
    }
    return new Route(
        collection, primary, mirrors, Optional.of(in.readUTF()).filter(name -> !name.isEmpty()));
  }
}
