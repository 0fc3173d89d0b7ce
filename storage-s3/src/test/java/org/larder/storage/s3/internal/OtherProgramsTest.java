package org.larder.storage.s3.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.delete;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.tck.Samples;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects are read with {@code gzip}, which has to be on the machine, and a parser of JSON: what
 * the documents promise to programs that know nothing of Larder.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OtherProgramsTest {
  private static final int ROWS = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension static final S3ServerExtension S3 = new S3ServerExtension();

  @TempDir private Path folder;

  private final S3Settings settings = S3.server().settings(S3.newPrefix());
  private Bucket bucket;
  private S3Backend backend;

  @BeforeEach
  void open() {
    bucket = new Bucket(settings);
    backend = S3.backend(settings, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    backend.close();
    bucket.close();
  }

  @Test
  void gzipUnpacksEachObjectAndEachLineIsARecord() throws Exception {
    List<Mutation> written = new ArrayList<>();
    for (Row row : Samples.things(ROWS)) {
      written.add(new Mutation(Mutation.Kind.PUT, row, written.size()));
    }
    written.add(delete(THINGS, written.size(), "gone"));
    RecordWriter writer = new RecordWriter(backend, UUID.randomUUID());
    writer.attach(OptionalLong.empty());
    int half = written.size() / 2;
    writer.write(0, half, THINGS, written.subList(0, half).toArray(Mutation[]::new));
    writer.write(
        half,
        written.size(),
        THINGS,
        written.subList(half, written.size()).toArray(Mutation[]::new));

    List<S3Object> objects = bucket.list("records/", "", 1000).objects();
    assertThat(objects).hasSize(2);
    int lines = 0;
    for (S3Object object : objects) {
      String key = bucket.name(object.key());
      assertThat(key).endsWith(".jsonl.gz");
      Path file = folder.resolve("object-" + lines + ".jsonl.gz");
      Files.write(file, bucket.get(key).orElseThrow().bytes());
      gzip("-t", file);
      for (JsonNode line : lines(gzip("-dc", file))) {
        assertIs(line, written.get(line.get("_seq").intValue()));
        lines++;
      }
    }
    assertThat(lines).isEqualTo(written.size());
  }

  /** What the program prints; it must end well and complain of nothing. */
  private byte[] gzip(String option, Path file) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Path complaints = folder.resolve("complaints");
    Process process =
        new ProcessBuilder("gzip", option, file.toString())
            .redirectOutput(output.toFile())
            .redirectError(complaints.toFile())
            .start();
    int status;
    try {
      status = process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    assertThat(status).as("gzip %s: %s", option, Files.readString(complaints)).isZero();
    assertThat(complaints).isEmptyFile();
    return Files.readAllBytes(output);
  }

  private static List<JsonNode> lines(byte[] unpacked) throws IOException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(unpacked)).toString();
    assertThat(text).endsWith("\n");
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static void assertIs(JsonNode line, Mutation mutation) throws IOException {
    Row row = mutation.row();
    assertThat(line.isObject()).isTrue();
    assertThat(line.get("_key").textValue()).isEqualTo(row.key());
    assertThat(line.get("thing_id").textValue()).isEqualTo(row.key());
    assertThat(line.get("_v").intValue()).isEqualTo(THINGS.version());
    assertThat(line.get("_op").textValue())
        .isEqualTo(mutation.kind() == Mutation.Kind.DELETE ? "delete" : "put");
    for (int i = 1; i < THINGS.fields().size(); i++) {
      Field field = THINGS.field(i);
      JsonNode member = line.get(field.name());
      Object value = row.value(i);
      if (value == null) {
        assertThat(member == null || member.isNull()).as(field.name()).isTrue();
      } else {
        Object expected = field.type() == FieldType.JSON ? JSON.readTree((String) value) : value;
        assertThat(read(field, member)).as("%s of %s", field.name(), row.key()).isEqualTo(expected);
      }
    }
  }

  /** The value of a member, read as the documents say. */
  private static Object read(Field field, JsonNode member) throws IOException {
    return switch (field.type()) {
      case STRING, TEXT -> member.textValue();
      case INT64 -> member.longValue();
      case FLOAT64 -> member.doubleValue();
      case DECIMAL -> new BigDecimal(member.textValue());
      case BOOL -> member.booleanValue();
      case INSTANT -> Instant.parse(member.textValue());
      case BYTES -> Base64.getDecoder().decode(member.textValue());
      case JSON -> member;
    };
  }
}
