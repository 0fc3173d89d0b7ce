package org.larder.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.larder.rest.testing.FakeSubmission;
import org.larder.storage.model.Row;

class BatchReaderTest {
  private static final long NOW = 1_700_000_000_000_000L;

  private final FakeSubmission submission = new FakeSubmission(NotesSchema.SCHEMA, null);
  private BatchReader reader;

  private List<Row> readArray(String json) {
    open(json.getBytes(StandardCharsets.UTF_8)).readArray("notes");
    return submission.rows();
  }

  private Row readItem(String members) {
    List<Row> rows = readArray("{\"notes\":[{\"note_id\":\"n\",\"title\":\"t\"" + members + "}]}");
    assertThat(reader.rejected()).isEmpty();
    return rows.get(0);
  }

  private RejectedItem rejected(String members) {
    List<Row> rows = readArray("{\"notes\":[{\"note_id\":\"n\",\"title\":\"t\"" + members + "}]}");
    assertThat(rows).isEmpty();
    assertThat(reader.rejected()).hasSize(1);
    return reader.rejected().get(0);
  }

  private BatchReader open(byte[] bytes) {
    RequestBody body =
        RequestBody.read(new ByteArrayInputStream(bytes), false, bytes.length, more -> {});
    reader = new BatchReader(NotesSchema.FORMAT, body, submission, NOW);
    return reader;
  }

  @Test
  void everyTypeIsRead() {
    Row row =
        readItem(
            """
            ,"body":"Grüße 🌍\\n","count":42,"weight":1.5e3,"price":12.345,"done":true,
            "due":"2026-01-31T09:05:00+01:00","extra":[1],"settings":{},"blob":"AAH/"
            """);
    assertThat(row.value("body")).isEqualTo("Grüße 🌍\n");
    assertThat(row.value("count")).isEqualTo(42L);
    assertThat(row.value("weight")).isEqualTo(1500.0);
    assertThat(row.value("price")).hasToString("12.35");
    assertThat(row.value("done")).isEqualTo(true);
    assertThat(row.value("due")).hasToString("2026-01-31T08:05:00Z");
    assertThat(row.value("extra")).isEqualTo("[1]");
    assertThat(row.value("settings")).isEqualTo("{}");
    assertThat((byte[]) row.value("blob")).containsExactly(0, 1, -1);
    assertThat(row.value("created_at")).isEqualTo(Row.instant(NOW));
  }

  @Test
  void nullIsSaidAndAbsentIsNot() {
    Row row = readItem(",\"body\":null");
    assertThat(row.isNull(NotesSchema.SCHEMA.ordinal("body"))).isTrue();
    assertThat(row.isAbsent(NotesSchema.SCHEMA.ordinal("count"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ \"b\" : 1.50, \"a\":[ 1 ,2.0e1]\t}",
        "[]",
        "\"text with \\u00e9 and é and \\\"\"",
        "-0.0",
        "12345678901234567890123",
        "1E400",
        "true",
        "[[[{\"x\":[{}]}]]]"
      })
  void jsonIsKeptByteByByte(String json) {
    assertThat(readItem(",\"extra\": " + json + " ,\"count\":1").value("extra")).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"title\":5 | title | is not a string",
        "\"title\":\"12345678901\" | title | is longer than 10 characters",
        "\"title\":null | title | is required and cannot be null",
        "\"count\":\"1\" | count | is not an integer",
        "\"count\":1.5 | count | is not an integer",
        "\"count\":-1 | count | is less than 0",
        "\"count\":9223372036854775808 | count | is out of the range of an integer",
        "\"count\":1e999999999 | count | is not an integer",
        "\"count\":{\"a\":[1]} | count | is not an integer",
        "\"weight\":1e999 | weight | is not a finite number",
        "\"weight\":\"x\" | weight | is not a number",
        "\"price\":12345678901234567890 | price | has more digits than a decimal can hold",
        "\"price\":1e99999999999 | price | has an exponent that is out of range",
        "\"done\":1 | done | is not true or false",
        "\"due\":1700000000 | due | is not an ISO 8601 time",
        "\"due\":\"tomorrow\" | due | is not an ISO 8601 time",
        "\"settings\":[] | settings | is not a JSON object",
        "\"settings\":\"x\" | settings | is not a JSON object",
        "\"blob\":\"*\" | blob | is not base64",
        "\"body\":\"\\ud800x\" | body | has an unpaired surrogate",
      })
  void wrongValueIsRejectedWithItsField(String member, String field, String message) {
    RejectedItem item = rejected("," + member);
    assertThat(item).isEqualTo(new RejectedItem(0, "n", field, message));
  }

  @ParameterizedTest
  @CsvSource({"5.0, 5", "1e3, 1000", "9223372036854775807, 9223372036854775807"})
  void wholeNumberIsAnIntegerHoweverItIsWritten(String json, long expected) {
    assertThat(readItem(",\"count\":" + json).value("count")).isEqualTo(expected);
  }

  @Test
  void whatTheServerStampsIsIgnored() {
    assertThat(readItem(",\"created_at\":{\"no\":\"time\"}").value("created_at"))
        .isEqualTo(Row.instant(NOW));
  }

  @Test
  void unknownFieldIsPassedOver() {
    assertThat(readItem(",\"what\":{\"a\":[{}]},\"count\":3").value("count")).isEqualTo(3L);
  }

  @Test
  void laterOneOfTwoEqualFieldsWins() {
    assertThat(readItem(",\"count\":1,\"count\":2").value("count")).isEqualTo(2L);
  }

  @Test
  void badItemDoesNotSinkItsNeighbours() {
    List<Row> rows =
        readArray(
            """
            {"version":{"x":[1]},"notes":[
             {"note_id":"a","title":"t"}, 5, {"title":"no key"},
             {"count":"x","note_id":"late key","title":"t"}, [[]], {"note_id":"b","title":"t"}
            ],"more":1}
            """);
    assertThat(rows).extracting(Row::key).containsExactly("a", "b");
    assertThat(reader.rejected())
        .containsExactly(
            new RejectedItem(1, null, "", "The item is not an object"),
            new RejectedItem(2, null, "note_id", "is required"),
            new RejectedItem(3, "late key", "count", "is not an integer"),
            new RejectedItem(4, null, "", "The item is not an object"));
  }

  @Test
  void jsonNestedTooDeepIsRejected() {
    assertThat(readItem(",\"extra\":" + "[".repeat(32) + "]".repeat(32)).value("extra"))
        .isEqualTo("[".repeat(32) + "]".repeat(32));
    submission.close();
    assertThat(rejected(",\"extra\":" + "[".repeat(33) + "]".repeat(33)).message())
        .isEqualTo("is nested deeper than 32 levels");
  }

  @Test
  void malformedUtf8InJsonIsRejected() {
    byte[] json =
        "{\"notes\":[{\"note_id\":\"n\",\"title\":\"t\",\"extra\":\"x?\"}]}"
            .getBytes(StandardCharsets.UTF_8);
    json[new String(json, StandardCharsets.UTF_8).indexOf('?') - 1] = (byte) 0xC0;
    json[new String(json, StandardCharsets.ISO_8859_1).indexOf('?')] = (byte) 0x80;
    open(json).readArray("notes");
    assertThat(reader.rejected()).extracting(RejectedItem::field).containsExactly("extra");
  }

  @Test
  void textAsLongAsAnItemEndsTheRequest() {
    assertProblem(
        "{\"notes\":[{\"note_id\":\"n\",\"body\":\"" + "x".repeat(1_100_000) + "\"}]}",
        413,
        "TOO_LARGE");
  }

  @Test
  void textBeyondItsLimitIsRejected() {
    assertThat(rejected(",\"body\":\"" + "x".repeat(262_145) + "\"").message())
        .isEqualTo("is longer than 256 KiB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"notes\":[{\"note_id\":}]}",
        "{\"notes\":[{]}",
        "{\"notes\":[",
        "{\"notes\":[]} x",
        "{\"notes\":[{}]}{}",
        "{'notes':[]}",
        "{\"notes\":[{\"count\":NaN}]}",
        "{\"notes\":[{\"count\":01}]}",
        "{\"notes\":[{\"extra\":[1,]}]}",
        "nonsense"
      })
  void malformedJsonSaysWhereAndQuotesNothing(String json) {
    ProblemException thrown = assertProblem(json, 400, "MALFORMED_JSON");
    assertThat(thrown.problem().detail())
        .matches("The body is not well-formed JSON: line \\d+, column \\d+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "[]",
        "5",
        "{}",
        "{\"notes\":{}}",
        "{\"notes\":null}",
        "{\"notes\":[],\"notes\":[]}"
      })
  void bodyWithoutTheArrayIsInvalid(String json) {
    assertProblem(json, 422, "VALIDATION_FAILED");
  }

  @Test
  void tooManyItemsEndTheRequest() {
    String items = "{\"note_id\":\"n\",\"title\":\"t\"},".repeat(10_000);
    assertProblem("{\"notes\":[" + items + "{}]}", 413, "TOO_MANY_ITEMS");
  }

  private ProblemException assertProblem(String json, int status, String code) {
    ProblemException[] caught = new ProblemException[1];
    assertThatThrownBy(() -> readArray(json))
        .isInstanceOfSatisfying(ProblemException.class, e -> caught[0] = e);
    assertThat(caught[0].problem().status()).isEqualTo(status);
    assertThat(caught[0].problem().code()).isEqualTo(code);
    return caught[0];
  }

  @Test
  void linesAreReadOneByOne() {
    String lines =
        """
        {"note_id":"a","title":"t","extra":{ "x" : 1}}

        {"note_id":"b","title":
        {"note_id":"c","title":"t"}\r
        {"note_id":"d","title":"t"} {"note_id":"e","title":"t"}
        nonsense
        {"note_id":"f","title":"t"}""";
    open(lines.getBytes(StandardCharsets.UTF_8)).readLines();
    assertThat(submission.rows()).extracting(Row::key).containsExactly("a", "c", "d", "e", "f");
    assertThat(submission.rows().get(0).value("extra")).isEqualTo("{ \"x\" : 1}");
    assertThat(reader.rejected())
        .containsExactly(
            new RejectedItem(1, null, "", "The line is not well-formed JSON"),
            new RejectedItem(5, null, "", "The line is not well-formed JSON"));
    assertThat(reader.seen()).isEqualTo(7);
  }
}
