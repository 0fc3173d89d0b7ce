package org.larder.storage.s3.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.tck.Samples.THINGS;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Row;
import org.larder.storage.spi.ScanRequest;

/** What reading takes and leaves behind, when there is much of one key or something is broken. */
class FoldingTest {
  private static final Line.Origin ORIGIN = new Line.Origin("records/an-object", 0);

  /** Lines one after the other. */
  private abstract static class Lines implements LineSource {
    int given;
    boolean closed;

    abstract String line(int number) throws IOException;

    @Override
    public Line next() throws IOException {
      String line = line(given);
      if (line == null) {
        return null;
      }
      given++;
      return Line.of(ORIGIN, line.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
      closed = true;
    }
  }

  private static CollectionSchema schema(int version) {
    return CollectionSchema.named("things", version)
        .key("thing_id", 40)
        .field(Field.int64("hits"))
        .build();
  }

  /** Each line has a version of the schema of its own, which shows when it is read. */
  @Test
  void keyThatWasWrittenOftenIsFoldedAsItIsRead() throws Exception {
    int count = 5000;
    Lines lines =
        new Lines() {
          @Override
          String line(int number) {
            return number == count
                ? null
                : ("{\"_key\":\"hot\",\"_seq\":%d,\"_op\":\"merge\",\"_v\":%d,"
                        + "\"thing_id\":\"hot\",\"hits\":%d}")
                    .formatted(number, number + 1, number);
          }
        };
    MutationReader reader =
        new MutationReader(
            version -> {
              assertThat(lines.given).as("lines held").isLessThanOrEqualTo(version + 1);
              return schema(version);
            });
    try (FoldingCursor cursor =
        new FoldingCursor(lines, reader, ScanRequest.all(schema(count + 1)))) {
      Row row = cursor.next();
      assertThat(row.value("hits")).isEqualTo(count - 1L);
      assertThat(row.version()).isEqualTo(count - 1L);
      assertThat(cursor.next()).isNull();
    }
    assertThat(lines.closed).isTrue();
  }

  @Test
  void lineThatIsNoMutationHaltsAndIsNamed() throws Exception {
    for (String rest :
        List.of(
            "\"_op\":\"put\",\"_v\":1,\"hits\":tru}",
            "\"_op\":\"put\",\"_v\":1,\"hits\":1",
            "\"_op\":\"put\",\"_v\":1,\"hits\":99999999999999999999}",
            "\"_op\":\"put\",\"_v\":\"one\"}",
            "\"_op\":\"puts\",\"_v\":1}",
            "\"_op\":null,\"_v\":1}",
            "\"_op\":\"put\",\"_v\":1,\"unknown\":1}",
            "\"_op\":\"put\",\"_v\":1,\"seen_at\":\"yesterday\"}",
            "\"_op\":\"put\",\"_v\":1,\"price\":\"dear\"}",
            "\"_op\":\"put\",\"_v\":1,\"raw\":\"*\"}",
            "\"_op\":\"put\",\"thing_id\":\"k\",\"_v\":1}",
            "\"_v\":1}")) {
      Lines lines =
          new Lines() {
            @Override
            String line(int number) {
              return switch (number) {
                case 0 -> "{\"_key\":\"k\",\"_seq\":0,\"_op\":\"put\",\"_v\":1,\"thing_id\":\"k\"}";
                case 1 -> "{\"_key\":\"k\",\"_seq\":1," + rest;
                case 2 -> "{\"_key\":\"k\",\"_seq\":2,\"_op\":\"put\",\"_v\":1,\"thing_id\":\"k\"}";
                default -> null;
              };
            }
          };
      MutationReader reader = new MutationReader(version -> THINGS);
      try (FoldingCursor cursor = new FoldingCursor(lines, reader, ScanRequest.all(THINGS))) {
        for (int attempt = 0; attempt < 2; attempt++) {
          assertThat(Failures.of(HALT, "CORRUPT_STORE", cursor::next))
              .as(rest)
              .hasMessageContaining(ORIGIN.object());
        }
      }
    }
  }

  @Test
  void sourceThatDoesNotOpenLeavesNoOtherOpen() {
    Lines first =
        new Lines() {
          @Override
          String line(int number) {
            return null;
          }

          @Override
          public void close() throws IOException {
            super.close();
            throw new IOException("does not close");
          }
        };
    Lines second =
        new Lines() {
          @Override
          String line(int number) throws IOException {
            throw new IOException("does not begin");
          }
        };
    IOException failure =
        catchThrowableOfType(
            IOException.class,
            () ->
                CollectionLines.merge(
                    List.of(
                        () -> first,
                        () -> {
                          throw new IOException("does not open");
                        })));
    assertThat(failure).hasMessage("does not open");
    assertThat(failure.getSuppressed()).extracting("message").containsExactly("does not close");
    assertThat(first.closed).isTrue();

    first.closed = false;
    failure =
        catchThrowableOfType(
            IOException.class, () -> CollectionLines.merge(List.of(() -> first, () -> second)));
    assertThat(failure).hasMessage("does not begin");
    assertThat(failure.getSuppressed()).extracting("message").containsExactly("does not close");
    assertThat(second.closed).isTrue();
  }
}
