package org.larder.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.larder.buffer.DeadLetter;
import org.larder.rest.testing.Reply;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

class DeadLetterEndpointsTest extends EndpointsFixture {
  private static final String LETTERS = "/api/v1/admin/dead-letters";
  private static final CollectionSchema SCHEMA =
      CollectionSchema.named("kitchen_notes", 1)
          .key("note_id", 36)
          .field(Field.int64("count"))
          .build();

  DeadLetterEndpointsTest() {
    super(SCHEMA);
  }

  private void bury(long sequence, String key) {
    try {
      Row row = Row.of(SCHEMA).set("note_id", key).set("count", sequence).build();
      buffer.deadLetters.add(
          new DeadLetter(
              "primary", sequence, Mutation.Kind.PUT, row, "TOO_LONG", "Too long", Instant.EPOCH));
    } catch (InvalidRowException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void lettersAreFilteredAndPaged() {
    for (int i = 0; i < 5; i++) {
      bury(i, i < 3 ? "a" : "b");
    }
    JsonNode page = server.get(LETTERS + "?page_size=2&page=2").json();
    assertThat(page.get("total").asInt()).isEqualTo(5);
    assertThat(page.get("total_pages").asInt()).isEqualTo(3);
    assertThat(page.at("/items/0/sequence").asInt()).isEqualTo(2);
    assertThat(page.at("/items/0/reason").asText()).isEqualTo("Too long");
    assertThat(server.get(LETTERS + "?key=a").json().get("total").asInt()).isEqualTo(3);
    assertThat(server.get(LETTERS + "?collection=x").json().get("total").asInt()).isZero();
    assertThat(server.get(LETTERS + "?code=TOO_LONG&sequence=4").json().get("total").asInt())
        .isEqualTo(1);
    assertThat(server.get(LETTERS + "?follower=other").json().get("total").asInt()).isZero();
    assertThat(server.get(LETTERS + "?sequence=x").status()).isEqualTo(422);
    assertThat(server.get("/health").json().get("dead_letters").asInt()).isEqualTo(5);
  }

  @Test
  void oneLetterIsShownWithItsRecord() {
    bury(7, "a");
    JsonNode letter = server.get(LETTERS + "/primary/7").json();
    assertThat(letter.at("/record/note_id").asText()).isEqualTo("a");
    assertThat(letter.at("/record/count").asInt()).isEqualTo(7);
    Reply unknown = server.get(LETTERS + "/primary/8");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().get("code").asText()).isEqualTo("DEAD_LETTER_NOT_FOUND");
  }

  @Test
  void replayTellsWhatCameOfIt() {
    bury(1, "a");
    bury(2, "b");
    JsonNode result = server.post(LETTERS + "/primary/replay?key=a", "").json();
    assertThat(result.get("replayed").asInt()).isEqualTo(1);
    assertThat(result.get("left").asInt()).isEqualTo(1);
    assertThat(result.get("refused").isNull()).isTrue();
    assertThat(server.post(LETTERS + "/other/replay", "").status()).isEqualTo(404);
    buffer.backendUp = false;
    assertThat(server.post(LETTERS + "/primary/replay", "").status()).isEqualTo(503);
  }

  @Test
  void sequenceOfSeveralRecordsIsNotTakenForOne() {
    bury(0, "a");
    bury(0, "b");
    for (Reply refused :
        List.of(
            server.get(LETTERS + "/primary/0"),
            server.post(LETTERS + "/primary/replay?sequence=0", ""),
            server.delete(LETTERS + "/primary?sequence=0&yes=true"))) {
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.json().get("code").asText()).isEqualTo("DEAD_LETTER_AMBIGUOUS");
      assertThat(refused.json().get("detail").asText())
          .contains("a of kitchen_notes, b of kitchen_notes");
    }
    assertThat(buffer.deadLetters).hasSize(2);
    assertThat(server.get(LETTERS + "/primary/0?key=b").json().get("key").asText()).isEqualTo("b");
    assertThat(server.get(LETTERS + "/primary/0?kee=b").status()).isEqualTo(422);
    assertThat(server.delete(LETTERS + "/primary?sequence=0&key=b&yes=true").status())
        .isEqualTo(200);
    assertThat(buffer.deadLetters).hasSize(1);
  }

  @Test
  void nothingIsDiscardedWithoutYes() {
    bury(1, "a");
    bury(2, "b");
    for (String query : List.of("", "?yes=", "?yes=false", "?key=a")) {
      assertThat(server.delete(LETTERS + "/primary" + query).status()).isEqualTo(422);
    }
    assertThat(buffer.deadLetters).hasSize(2);
    assertThat(server.delete(LETTERS + "/other?yes=true").status()).isEqualTo(404);
    JsonNode done = server.delete(LETTERS + "/primary?key=a&yes=true").json();
    assertThat(done.get("discarded").asInt()).isEqualTo(1);
    assertThat(buffer.deadLetters).hasSize(1);
  }

  @Test
  void misspeltOrEmptyParameterDiscardsNothing() {
    bury(1, "a");
    bury(2, "b");
    for (String query : List.of("colection=x", "key=", "code=TOO_LONG", "follower=other")) {
      Reply refused = server.delete(LETTERS + "/primary?yes=true&" + query);
      assertThat(refused.status()).as(query).isEqualTo(422);
      assertThat(refused.json().at("/errors/0/field").asText())
          .isEqualTo(query.substring(0, query.indexOf('=')));
      assertThat(server.post(LETTERS + "/primary/replay?" + query, "").status())
          .as(query)
          .isEqualTo(422);
    }
    assertThat(buffer.deadLetters).hasSize(2);
  }

  @Test
  void followerThatIsUnknownIsSpokenOfAsOne() {
    Reply unknown = server.delete(LETTERS + "/other?yes=true");
    assertThat(unknown.json().get("detail").asText())
        .isEqualTo("There is no follower 'other'; GET /api/v1/admin/followers lists them");
  }
}
