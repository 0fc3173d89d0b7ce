package org.larder.storage.s3.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.Durability;
import org.larder.buffer.MigrationPlan;
import org.larder.buffer.MigrationRefusedException;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationRequest.End;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Phase;
import org.larder.buffer.Submission;
import org.larder.buffer.internal.Buffer;
import org.larder.buffer.internal.BufferOptions;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.mysql.internal.MysqlBackend;
import org.larder.storage.mysql.server.MariaDbServer;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.sqlite.internal.SqliteBackend;

/** A collection of every type of value goes from a database to S3, and stays there as a mirror. */
@Timeout(120)
class MigrationToS3Test {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final CollectionSchema THINGS =
      CollectionSchema.named("things", 1)
          .key("thing_id", 36)
          .field(Field.text("body"))
          .field(Field.int64("n"))
          .field(Field.of("x", FieldType.FLOAT64, 0))
          .field(Field.decimal("price", 4))
          .field(Field.of("good", FieldType.BOOL, 0))
          .field(Field.instant("at"))
          .field(Field.json("extra"))
          .field(Field.of("raw", FieldType.BYTES, 0))
          .build();

  @TempDir Path folder;

  private static void write(Buffer buffer, int from, int count) throws InvalidRowException {
    try (Submission submission = buffer.intake().begin("things", 0)) {
      for (int i = from; i < from + count; i++) {
        var row = submission.row().set("thing_id", "thing-" + i).set("n", (long) -i);
        if (i % 3 != 0) {
          row.set("body", "Grüße 😀 " + i)
              .set("x", i == 1 ? -0.0 : i / 7.0)
              .set("price", BigDecimal.valueOf(i, 4))
              .set("good", i % 2 == 0)
              .set("at", Instant.parse("2026-05-01T10:00:00.123456Z").plusNanos(i * 1_000L))
              .set("extra", "{\"b\": 1.50, \"a\":[null, " + i + "]}")
              .set("raw", ("raw" + i).getBytes(StandardCharsets.UTF_8));
        }
        submission.add(Mutation.Kind.PUT);
      }
      submission.commit(Durability.JOURNAL, LONG);
    }
  }

  private static List<Row> rows(StorageBackend store) {
    List<Row> rows = new ArrayList<>();
    try (RecordCursor cursor = store.scan(ScanRequest.all(THINGS))) {
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static MigrationStatus awaitEnd(Buffer buffer, long id) {
    long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    MigrationStatus status = buffer.migrations().find(id).orElseThrow();
    while (!status.phase().isEnd()) {
      assertThat(System.nanoTime()).as("%s", status).isLessThan(deadline);
      LockSupport.parkNanos(20_000_000);
      status = buffer.migrations().find(id).orElseThrow();
    }
    return status;
  }

  @Test
  void fromSqliteItEndsAsAMirrorThatWasCompared() throws Exception {
    try (SqliteBackend main = SqliteBackend.at("main", folder.resolve("main.db"))) {
      assertItEndsAsAMirrorThatWasCompared(main, 12_000);
    }
  }

  @Test
  void fromMariaDbItEndsAsAMirrorThatWasCompared() throws Exception {
    Path programs = Path.of(System.getProperty("larder.mariadb"));
    try (MariaDbServer server = MariaDbServer.start(programs, folder.resolve("server"));
        MysqlBackend main = MysqlBackend.at("main", server.url("larder"), MariaDbServer.ROOT, "")) {
      assertItEndsAsAMirrorThatWasCompared(main, 3_000);
    }
  }

  private void assertItEndsAsAMirrorThatWasCompared(StorageBackend main, int records)
      throws Exception {
    S3Server server = S3Server.over(folder.resolve("s3"));
    try (S3Backend archive =
            new S3Backend(server.settings("things"), folder.resolve("tmp"), Clock.systemUTC());
        Buffer buffer = Buffer.open(BufferOptions.in(folder.resolve("data")), Clock.systemUTC())) {
      buffer.addCollection(THINGS);
      buffer.addBackend(main);
      buffer.addBackend(archive);
      for (int from = 0; from < records; from += 1_000) {
        write(buffer, from, 1_000);
      }
      buffer.flush(LONG);
      assertRefusedAsPrimary(buffer);
      MigrationRequest request = new MigrationRequest("things", "main", "archive", End.AUTOMATIC);
      MigrationPlan plan = buffer.migrations().plan(request);
      assertThat(plan.cutOver()).isFalse();
      assertThat(plan.records()).isEqualTo(records);
      long id = buffer.migrations().start(request).id();
      write(buffer, records, 500);
      MigrationStatus end = awaitEnd(buffer, id);
      assertThat(end.phase()).as("%s", end).isEqualTo(Phase.MIRRORED);
      assertThat(end.message()).contains("main stays the primary");
      assertThat(end.verified()).isGreaterThanOrEqualTo(records);
      assertThat(rows(archive)).hasSize(records + 500).isEqualTo(rows(main));
      buffer.removeBackend(main);
      buffer.removeBackend(archive);
    } finally {
      server.stop();
    }
  }

  private static void assertRefusedAsPrimary(Buffer buffer) {
    assertThatThrownBy(
            () ->
                buffer
                    .migrations()
                    .start(new MigrationRequest("things", "main", "archive", End.PRIMARY)))
        .isInstanceOfSatisfying(
            MigrationRefusedException.class,
            e -> assertThat(e.code()).isEqualTo("CAPABILITY_MISSING"));
  }
}
