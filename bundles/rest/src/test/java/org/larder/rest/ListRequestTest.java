package org.larder.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Row;
import org.larder.storage.query.Evaluator;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Order;
import org.larder.storage.query.Page;

class ListRequestTest {
  private static final Order BY_COUNT = Order.descending("count");

  private final List<Row> rows = new ArrayList<>();

  ListRequestTest() throws InvalidRowException {
    for (int i = 0; i < 25; i++) {
      rows.add(
          Row.of(NotesSchema.SCHEMA)
              .set("note_id", "n" + i)
              .set("title", "t" + i % 3)
              .set("count", i % 4 == 3 ? null : (Long) (long) (i % 4))
              .build());
    }
  }

  private static QueryParameters parameters(String... pairs) {
    MultivaluedMap<String, String> map = new MultivaluedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.add(pairs[i], pairs[i + 1]);
    }
    return new QueryParameters(map);
  }

  private static ListRequest request(String... pairs) {
    return ListRequest.of(parameters(pairs), NotesSchema.SCHEMA, Filter.ALL, BY_COUNT);
  }

  private JsonNode ask(String... pairs) throws IOException {
    ListRequest request = request(pairs);
    Iterator<Row> all = rows.iterator();
    Page page = Evaluator.query(request.query(), () -> all.hasNext() ? all.next() : null);
    JsonBody body = request.reply(page, RowWriter.of(NotesSchema.SCHEMA));
    return new JsonMapper().readTree(Json.bytes(body));
  }

  @Test
  void pageHasTotals() throws IOException {
    JsonNode page = ask("page", "3", "page_size", "10");
    assertThat(page.get("total").asInt()).isEqualTo(25);
    assertThat(page.get("page").asInt()).isEqualTo(3);
    assertThat(page.get("page_size").asInt()).isEqualTo(10);
    assertThat(page.get("total_pages").asInt()).isEqualTo(3);
    assertThat(page.get("items")).hasSize(5);
    assertThat(page.has("next_cursor")).isFalse();
  }

  @Test
  void cursorsVisitEveryRowOnce() throws IOException {
    for (String sort : List.of("count", "note_id", "title")) {
      for (String order : List.of("asc", "desc")) {
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
          JsonNode page = ask("limit", "4", "cursor", cursor, "sort_by", sort, "order", order);
          page.get("items").forEach(item -> seen.add(item.get("note_id").asText()));
          cursor = page.get("next_cursor").textValue();
          assertThat(page.has("total")).isFalse();
        } while (cursor != null);
        assertThat(seen).hasSize(25).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void cursorOfAnotherQueryIsRefused() throws IOException {
    String cursor = ask("limit", "4").get("next_cursor").asText();
    assertRefused("INVALID_CURSOR", "cursor", cursor, "order", "asc");
    assertRefused("INVALID_CURSOR", "cursor", cursor, "sort_by", "title");
    assertRefused("INVALID_CURSOR", "cursor", "x" + cursor);
    assertRefused("INVALID_CURSOR", "cursor", cursor.substring(1));
    assertRefused("INVALID_CURSOR", "cursor", "!");
    assertThatThrownBy(
            () ->
                ListRequest.of(
                    parameters("cursor", cursor),
                    NotesSchema.SCHEMA,
                    Filter.eq("title", "t1"),
                    BY_COUNT))
        .isInstanceOf(ProblemException.class);
    assertThat(request("cursor", cursor, "limit", "9").query().after()).isPresent();
  }

  @Test
  void everyWrongParameterIsTold() {
    assertThatThrownBy(() -> request("page", "0", "page_size", "1001", "order", "up"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e ->
                assertThat(e.problem().errors())
                    .extracting(Problem.FieldError::field)
                    .containsExactlyInAnyOrder("page", "page_size", "order"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1001", "x", "1.5", "99999999999999999999"})
  void limitOutOfRangeIsRefusedAndNotClamped(String limit) {
    assertRefused("VALIDATION_FAILED", "limit", limit);
  }

  @Test
  void cursorAndPageDoNotMix() {
    assertRefused("VALIDATION_FAILED", "limit", "5", "page", "1");
  }

  @Test
  void parameterWithoutAValueDoesNotChooseTheKindOfList() throws IOException {
    assertThat(ask("limit", "", "page", "2").get("page").asInt()).isEqualTo(2);
    assertThat(ask("limit", "4", "page", "", "page_size", "").has("next_cursor")).isTrue();
    assertThat(ask("cursor", "").has("next_cursor")).isTrue();
  }

  @Test
  void fieldsWithoutAnOrderAreNotSortable() {
    assertRefused("VALIDATION_FAILED", "sort_by", "extra");
    assertRefused("VALIDATION_FAILED", "sort_by", "nothing");
  }

  private static void assertRefused(String code, String... pairs) {
    assertThatThrownBy(() -> request(pairs))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem().status()).isEqualTo(422);
              assertThat(e.problem().code()).isEqualTo(code);
            });
  }

  @Test
  void dateAloneMeansTheWholeDay() {
    QueryParameters dates = parameters("from", "2026-01-31", "to", "2026-01-31");
    assertThat(dates.from("from").orElseThrow()).hasToString("2026-01-31T00:00:00Z");
    assertThat(dates.to("to").orElseThrow()).hasToString("2026-01-31T23:59:59.999999Z");
  }

  @Test
  void plusThatWasNotEscapedIsUnderstood() {
    assertThat(parameters("from", "2026-01-31T09:00:00 02:00").from("from").orElseThrow())
        .hasToString("2026-01-31T07:00:00Z");
  }

  @Test
  void durationsAreReadAndBounded() {
    assertThat(parameters("d", "PT10M").duration("d").orElseThrow().toSeconds()).isEqualTo(600);
    assertThat(parameters("d", "p2w").duration("d").orElseThrow().toDays()).isEqualTo(14);
    for (String wrong : List.of("10", "PT-1M", "P99999D", "P1M", "PT")) {
      QueryParameters parameters = parameters("d", wrong);
      assertThat(parameters.duration("d")).isEmpty();
      assertThatThrownBy(parameters::check).isInstanceOf(ProblemException.class);
    }
  }
}
