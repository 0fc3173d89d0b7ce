package org.larder.storage.s3.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.COUNTERS;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.delete;
import static org.larder.tck.Samples.merge;
import static org.larder.tck.Samples.put;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.larder.storage.model.Row;
import org.larder.storage.spi.StorageException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What is in the bucket, and what becomes of it when writing ends in the midst. */
class RecordObjectsTest {
  private static final Clock BEFORE_MIDNIGHT = clock("2026-11-21T23:59:59Z");
  private static final Clock AFTER_MIDNIGHT = clock("2026-11-22T00:00:01Z");
  private static final String FIRST =
      "records/collection=things/day=2026-11-21/00000000000000000000-00000000000000000002"
          + ".mirror.0.0.jsonl.gz";
  private static final String POSITION = "position-mirror-0";

  @RegisterExtension static final S3ServerExtension S3 = new S3ServerExtension();

  private final S3Settings settings = S3.server().settings(S3.newPrefix());
  private final UUID journal = UUID.randomUUID();
  private final List<S3Backend> opened = new ArrayList<>();
  private Bucket bucket;
  private RecordWriter writer;

  private static Clock clock(String time) {
    return Clock.fixed(Instant.parse(time), ZoneOffset.UTC);
  }

  @BeforeEach
  void open() {
    bucket = new Bucket(settings);
    writer = writer(BEFORE_MIDNIGHT);
  }

  /** Another backend over the same store; one that was there before is as good as crashed. */
  private RecordWriter writer(Clock clock) {
    S3Backend backend = S3.backend(settings, clock);
    opened.add(backend);
    RecordWriter attached = new RecordWriter(backend, journal);
    attached.attach(OptionalLong.empty());
    return attached;
  }

  @AfterEach
  void close() {
    opened.forEach(S3Backend::close);
    bucket.close();
  }

  private List<String> objects() {
    return bucket.list("records/", "", 1000).objects().stream()
        .map(S3Object::key)
        .map(bucket::name)
        .toList();
  }

  private String content(String name) throws Exception {
    byte[] bytes = bucket.get(name).orElseThrow().bytes();
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void otherProgramsCanReadTheLines() throws Exception {
    writer.write(
        0,
        2,
        THINGS,
        put(
            THINGS,
            0,
            "k\"1",
            "kind",
            "caf\u00e9",
            "hits",
            7L,
            "ratio",
            0.5,
            "price",
            new BigDecimal("12.5"),
            "active",
            true,
            "seen_at",
            Instant.parse("2026-11-21T10:00:00.000001Z"),
            "more",
            "{ \"a\": [1.0] }",
            "raw",
            new byte[] {0, -1},
            "note",
            null),
        delete(THINGS, 1, "k2"));
    assertThat(objects()).containsExactly(FIRST);
    assertThat(content(FIRST))
        .isEqualTo(
            "{\"_key\":\"k\\\"1\",\"_seq\":0,\"_op\":\"put\",\"_v\":1,\"thing_id\":\"k\\\"1\","
                + "\"kind\":\"caf\u00e9\",\"note\":null,\"hits\":7,\"ratio\":0.5,"
                + "\"price\":\"12.5000\",\"active\":true,"
                + "\"seen_at\":\"2026-11-21T10:00:00.000001Z\",\"more\":{ \"a\": [1.0] },"
                + "\"raw\":\"AP8=\"}\n"
                + "{\"_key\":\"k2\",\"_seq\":1,\"_op\":\"delete\",\"_v\":1,\"thing_id\":\"k2\"}\n");
    assertThat(
            new String(
                bucket.get("schemas/things/v0001.json").orElseThrow().bytes(),
                StandardCharsets.UTF_8))
        .contains(
            "\"collection\" : \"things\"", "\"name\" : \"seen_at\"", "\"type\" : \"instant\"");
  }

  @Test
  void jsonComesBackCharacterByCharacter() {
    List<String> texts =
        List.of(
            "null",
            " null ",
            "{\n  \"a\": \"b\\n\",\r\n\t\"c\": 1}\n",
            " [1 , 2]",
            "\"plain\"",
            "1" + "0".repeat(5000),
            "\"" + "x".repeat(100_000) + "\"",
            "{\"\u2028\":\"\ud83d\ude00\"}");
    for (int i = 0; i < texts.size(); i++) {
      writer.write(i, i + 1, THINGS, put(THINGS, i, "k" + i, "more", texts.get(i)));
    }
    assertThat(writer.rows(THINGS)).extracting(row -> row.value("more")).isEqualTo(texts);
  }

  @Test
  void repeatedWriteReplacesItself() {
    writer.write(0, 2, THINGS, put(THINGS, 0, "a", "hits", 1L), put(THINGS, 1, "b"));
    List<Row> rows = writer.rows(THINGS);
    writer = writer(BEFORE_MIDNIGHT);
    writer.write(0, 2, THINGS, put(THINGS, 0, "a", "hits", 1L), put(THINGS, 1, "b"));
    assertThat(objects()).hasSize(1);
    assertThat(writer.rows(THINGS)).isEqualTo(rows);
  }

  @Test
  void longerBatchThanTheOneThatCrashedComesToTheSame() {
    writer.write(0, 2, COUNTERS, merge(COUNTERS, 0, "a", "total", 5L), delete(COUNTERS, 1, "b"));
    writer = writer(BEFORE_MIDNIGHT);
    writer.write(
        0,
        4,
        COUNTERS,
        merge(COUNTERS, 2, "a", "total", 5L, "label", "later"),
        merge(COUNTERS, 3, "b", "total", 1L));
    assertThat(objects()).hasSize(2);
    assertThat(writer.rows(COUNTERS)).hasSize(2);
    Row row = writer.rows(COUNTERS).get(0);
    assertThat(row.value("total")).isEqualTo(5L);
    assertThat(row.value("label")).isEqualTo("later");
    assertThat(row.version()).isEqualTo(2);
  }

  @Test
  void repeatedWriteAfterMidnightComesToTheSame() {
    writer.write(0, 2, COUNTERS, merge(COUNTERS, 0, "a", "peak", 5L), put(COUNTERS, 1, "b"));
    List<Row> rows = writer.rows(COUNTERS);
    RecordWriter next = writer(AFTER_MIDNIGHT);
    next.write(0, 2, COUNTERS, merge(COUNTERS, 0, "a", "peak", 5L), put(COUNTERS, 1, "b"));
    assertThat(next.rows(COUNTERS)).isEqualTo(rows);
  }

  /** The sequences of a new journal begin at 0 again. */
  @Test
  void whatANewJournalSaysIsLater() {
    writer.write(0, 900, THINGS, put(THINGS, 800, "a", "hits", 1L));
    RecordWriter other = new RecordWriter(writer.backend(), UUID.randomUUID());
    other.attach(OptionalLong.of(0));
    other.write(0, 10, THINGS, put(THINGS, 5, "a", "hits", 2L));
    assertThat(other.rows(THINGS)).extracting(row -> row.value("hits")).containsExactly(2L);
  }

  @Test
  void onlyTheLatestOfManyObjectsIsSeen() {
    int batches = 150;
    for (int i = 0; i < batches; i++) {
      writer.write(
          2L * i,
          2L * i + 2,
          THINGS,
          put(THINGS, 2L * i, "same", "hits", (long) i),
          put(THINGS, 2L * i + 1, "k%04d".formatted(i * 37 % batches), "hits", (long) i));
    }
    List<Row> rows = writer.rows(THINGS);
    assertThat(rows).hasSize(batches + 1).isSortedAccordingTo(Row::compareKey);
    assertThat(rows.get(batches).value("hits")).isEqualTo(batches - 1L);
  }

  @Test
  void nobodySetsAPositionBackThatAnotherHasMoved() {
    State mine = new State(bucket);
    State theirs = new State(bucket);
    Optional<byte[]> read = mine.read(POSITION);
    theirs.replace(POSITION, theirs.read(POSITION), new byte[] {'2'});
    StorageException failure = Failures.of(() -> mine.replace(POSITION, read, new byte[] {'1'}));
    assertThat(failure.severity()).isEqualTo(StorageException.Severity.RETRY);
    assertThat(mine.read(POSITION)).contains(new byte[] {'2'});
    Optional<byte[]> none = mine.read("fresh");
    theirs.replace("fresh", theirs.read("fresh"), new byte[] {'2'});
    Failures.of(() -> mine.replace("fresh", none, new byte[] {'1'}));
  }

  @Test
  void damagedObjectHaltsAndIsNamed() {
    writer.write(0, 2, THINGS, put(THINGS, 0, "a"), put(THINGS, 1, "b"));
    byte[] whole = bucket.get(FIRST).orElseThrow().bytes();
    bucket.put(FIRST, whole, whole.length - 9, request -> {});
    StorageException failure = Failures.of(() -> writer.rows(THINGS));
    assertThat(failure.severity()).isEqualTo(StorageException.Severity.HALT);
    assertThat(failure.code()).isEqualTo("CORRUPT_STORE");
    assertThat(failure).hasMessageContaining(FIRST);
  }

  @Test
  void whatOthersPutThereIsNotRead() {
    writer.write(0, 2, THINGS, put(THINGS, 0, "a"), put(THINGS, 1, "b"));
    bucket.put("records/collection=things/_SUCCESS", new byte[3], 3, request -> {});
    assertThat(writer.rows(THINGS)).hasSize(2);
  }

  @Test
  void scanLeavesNoFile() throws Exception {
    writer.write(0, 2, THINGS, put(THINGS, 0, "a"), put(THINGS, 1, "b"));
    writer.rows(THINGS);
    try (Stream<Path> files = Files.list(S3.temporary())) {
      assertThat(files).isEmpty();
    }
  }
}
