package org.larder.storage.mysql.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StorageException.Severity;

class MysqlErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "1213, 40001, BUSY, STORE_BUSY",
    "1205, HY000, BUSY, STORE_BUSY",
    "1020, HY000, BUSY, STORE_BUSY",
    "1050, 42S01, BUSY, STORE_BUSY",
    "1060, 42S21, BUSY, STORE_BUSY",
    "1061, 42000, BUSY, STORE_BUSY",
    "1091, 42000, BUSY, STORE_BUSY",
    "1040, 08004, BUSY, STORE_BUSY",
    "1290, HY000, RETRY, STORE_READ_ONLY",
    "1836, HY000, RETRY, STORE_READ_ONLY",
    "1021, HY000, RETRY, STORE_FULL",
    "1114, HY000, RETRY, STORE_FULL",
    "1878, HY000, RETRY, STORE_FULL",
    "1026, HY000, RETRY, STORE_UNAVAILABLE",
    "1047, 08S01, RETRY, STORE_UNAVAILABLE",
    "1053, 08S01, RETRY, STORE_UNAVAILABLE",
    "0, 08S01, RETRY, STORE_UNAVAILABLE",
    "1927, 70100, RETRY, INTERRUPTED",
    "1969, 70100, RETRY, INTERRUPTED",
    "3024, HY000, RETRY, INTERRUPTED",
    "1045, 28000, HALT, STORE_DENIED",
    "1044, 42000, HALT, STORE_DENIED",
    "1142, 42000, HALT, STORE_DENIED",
    "1146, 42S02, RETRY, COLLECTION_UNKNOWN",
    "1194, HY000, HALT, CORRUPT_STORE",
    "1064, 42000, HALT, STORE_ERROR"
  })
  void numberOfTheServerDecides(int number, String state, Severity severity, String code) {
    StorageException meaning = MysqlErrors.translate(new SQLException("what", state, number));
    assertThat(meaning.severity()).isEqualTo(severity);
    assertThat(meaning.code()).isEqualTo(code);
  }

  @Test
  void logOfStatementsTakesOneConnectionOnly() {
    StorageException meaning =
        MysqlErrors.translate(new SQLException("Cannot execute statement", "HY000", 1665));
    assertThat(meaning.severity()).isEqualTo(Severity.HALT);
    assertThat(meaning)
        .hasMessageContaining("binlog_format")
        .hasMessageContaining("write_connections");
  }

  @Test
  void engineWithoutRoomIsAFullDisk() {
    SQLException full =
        new SQLException(
            "Got error 28 \"No space left on device\" from storage engine InnoDB", "HY000", 1030);
    assertThat(MysqlErrors.translate(full).code()).isEqualTo("STORE_FULL");
    SQLException log =
        new SQLException(
            "Error writing file 'binlog' (errno: 28 \"No space left on device\")", "HY000", 1026);
    assertThat(MysqlErrors.translate(log).code()).isEqualTo("STORE_FULL");
  }

  /** The pool's own failure hides what the server said. */
  @Test
  void failureInsideTheFailureDecides() {
    SQLException denied = new SQLException("Access denied", "28000", 1045);
    SQLException timeout = new SQLTransientConnectionException("timed out", "28000", denied);
    assertThat(MysqlErrors.translate(timeout).code()).isEqualTo("STORE_DENIED");
    SQLException none = new SQLTransientConnectionException("timed out");
    assertThat(MysqlErrors.translate(none).severity()).isEqualTo(Severity.BUSY);
  }

  @Test
  void lostConnectionTellsTheReason() {
    SQLException lost =
        new SQLException("Link failure\n\nmore", "08S01", new ConnectException("refused"));
    assertThat(MysqlErrors.translate(lost).getMessage()).endsWith("Link failure (refused)");
  }

  @Test
  void valueThatDoesNotFitIsRefused() {
    SQLException tooLong = new SQLException("Data too long", "22001", 1406);
    BatchUpdateException batch =
        new BatchUpdateException("Data too long", "22001", 1406, new int[0], tooLong);
    assertThat(MysqlErrors.refuses(batch)).isTrue();
    assertThat(MysqlErrors.refuses(new SQLException("packet", "08S01", 1153))).isTrue();
    assertThat(MysqlErrors.refuses(new SQLException("deadlock", "40001", 1213))).isFalse();
  }

  @Test
  void constraintThatSomebodyAddedRefusesTheRowAndNotTheStore() {
    assertThat(MysqlErrors.refuses(new SQLException("CHECK failed", "23000", 4025))).isTrue();
    assertThat(MysqlErrors.refuses(new SQLException("CHECK failed", "HY000", 3819))).isTrue();
    assertThat(MysqlErrors.refuses(new SQLException("cannot be null", "23000", 1048))).isTrue();
    assertThat(MysqlErrors.refuses(new SQLException("no such parent", "23000", 1452))).isTrue();
    assertThat(MysqlErrors.refuses(new SQLException("says a trigger", "45000", 1644))).isTrue();
  }

  @Test
  void duplicateOfTheKeyIsRepeatedAndOneInAnIndexThatSomebodyAddedIsRefused() {
    assertThat(MysqlErrors.refuses(duplicate("'x' for key 'name'"))).isTrue();
    assertThat(MysqlErrors.refuses(duplicate("'x' for key 'notes.name'"))).isTrue();
    assertThat(MysqlErrors.refuses(duplicate("'it's PRIMARY' for key 'notes.name'"))).isTrue();
    assertThat(MysqlErrors.refuses(duplicate("'x' for key 'PRIMARY'"))).isFalse();
    assertThat(MysqlErrors.refuses(duplicate("'one 'name'' for key 'notes.PRIMARY'"))).isFalse();
    assertThat(MysqlErrors.refuses(duplicate("of an index without a name"))).isFalse();
    assertThat(MysqlErrors.translate(duplicate("'x' for key 'PRIMARY'")).severity())
        .isEqualTo(Severity.RETRY);
  }

  private static SQLException duplicate(String what) {
    return new SQLException("Duplicate entry " + what, "23000", 1062);
  }
}
