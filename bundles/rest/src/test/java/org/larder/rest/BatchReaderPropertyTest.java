package org.larder.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.larder.rest.testing.FakeSubmission;
import org.larder.storage.model.Row;

class BatchReaderPropertyTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** What a note holds; a null says nothing. */
  record Note(String id, String body, Long count, String extra) {
    ObjectNode json() throws IOException {
      ObjectNode node = MAPPER.createObjectNode().put("note_id", id).put("title", "t");
      if (count != null) {
        node.put("count", count);
      }
      if (extra != null) {
        node.set("extra", MAPPER.createArrayNode().add(extra).add(1));
      }
      return body == null ? node : node.put("body", body);
    }
  }

  @Provide
  Arbitrary<List<Note>> notes() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .withCharRange('\u0000', '\uD7FF')
            .withCharRange('\uE000', '\uFFFF')
            .ofMaxLength(60);
    Arbitrary<String> emoji = Arbitraries.of("", "🌍", "👩‍👩‍👧", "\"\\\u0007", "日本語");
    Arbitrary<String> body = Combinators.combine(text, emoji).as(String::concat);
    return Combinators.combine(
            Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(36),
            body.injectNull(0.2),
            Arbitraries.longs().greaterOrEqual(0).injectNull(0.2),
            body.injectNull(0.5))
        .as(Note::new)
        .list()
        .ofMaxSize(20);
  }

  @Property(tries = 300)
  void whatIsSentIsWhatIsRead(
      @ForAll("notes") List<Note> notes, @ForAll long seed, @ForAll boolean asLines)
      throws IOException {
    ArrayNode array = MAPPER.createArrayNode();
    StringBuilder lines = new StringBuilder();
    List<String> extras = new ArrayList<>();
    for (Note note : notes) {
      ObjectNode json = note.json();
      array.add(json);
      lines.append(json).append('\n');
      extras.add(json.has("extra") ? json.get("extra").toString() : null);
    }
    String body = asLines ? lines.toString() : "{\"notes\":" + array + "}";
    FakeSubmission submission = new FakeSubmission(NotesSchema.SCHEMA, null);
    BatchReader reader = read(body.getBytes(StandardCharsets.UTF_8), seed, submission, asLines);
    assertThat(reader.rejected()).isEmpty();
    List<Row> rows = submission.rows();
    assertThat(rows).hasSameSizeAs(notes);
    for (int i = 0; i < notes.size(); i++) {
      assertThat(rows.get(i).key()).isEqualTo(notes.get(i).id());
      assertThat(rows.get(i).value("body")).isEqualTo(notes.get(i).body());
      assertThat(rows.get(i).value("count")).isEqualTo(notes.get(i).count());
      assertThat(rows.get(i).value("extra")).isEqualTo(extras.get(i));
    }
  }

  @Property(tries = 500)
  void whateverIsSentEndsInItemsOrAProblem(
      @ForAll("notes") List<Note> notes, @ForAll long seed, @ForAll boolean asLines)
      throws IOException {
    StringBuilder text = new StringBuilder(asLines ? "" : "{\"notes\":[");
    for (Note note : notes) {
      text.append(note.json()).append(asLines ? "\n" : ",");
    }
    byte[] body = text.append(asLines ? "" : "{}]}").toString().getBytes(StandardCharsets.UTF_8);
    Random random = new Random(seed);
    for (int i = 0; i < 3 && body.length > 0; i++) {
      body[random.nextInt(body.length)] = (byte) random.nextInt();
    }
    FakeSubmission submission = new FakeSubmission(NotesSchema.SCHEMA, null);
    try {
      BatchReader reader = read(body, seed, submission, asLines);
      assertThat(submission.size() + reader.rejected().size()).isEqualTo(reader.seen());
    } catch (ProblemException e) {
      assertThat(e.problem().status()).isBetween(400, 499);
    }
  }

  private static BatchReader read(
      byte[] body, long seed, FakeSubmission submission, boolean asLines) {
    InputStream in = new Dribble(body, new Random(seed));
    try (RequestBody read = RequestBody.read(in, false, 0, submission::reserve)) {
      assertThat(read.copy()).isEqualTo(body);
      BatchReader reader = new BatchReader(NotesSchema.FORMAT, read, submission, 1);
      if (asLines) {
        reader.readLines();
      } else {
        reader.readArray("notes");
      }
      return reader;
    }
  }

  /** Gives its bytes in pieces of any size, as a network does. */
  private static final class Dribble extends ByteArrayInputStream {
    private final Random random;

    Dribble(byte[] bytes, Random random) {
      super(bytes);
      this.random = random;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
      return super.read(target, offset, Math.min(length, 1 + random.nextInt(50)));
    }
  }
}
